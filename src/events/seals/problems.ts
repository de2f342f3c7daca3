const words = {
  'master-key-missing':
    'There is personal data, or it would be recorded now, but no master key is given. Set ORDERFOLD_MASTER_KEY to the one that this installation was set up with',
  'master-key-wrong':
    'The master key given is not the one that wraps the keys of this installation. Set ORDERFOLD_MASTER_KEY to that one; while master keys are being changed, ORDERFOLD_OLD_MASTER_KEY to the one before',
} as const;

/** Personal data can be neither sealed nor opened. Nothing was done. */
export class MasterKeyProblem extends Error {
  override readonly name = 'MasterKeyProblem';
  readonly code: keyof typeof words;
  constructor(code: keyof typeof words) {
    super(words[code]);
    this.code = code;
  }
}

/** The keys of the person were destroyed; nothing is sealed for it any more. */
export class PersonErased extends Error {
  override readonly name = 'PersonErased';
  readonly code = 'person-erased';
  constructor(person: string) {
    super(`Person ${person} was erased; nothing about it is recorded any more`);
  }
}
