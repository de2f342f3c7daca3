/** What verify.mjs answers: it is JavaScript because it travels in every evidence package and needs only Node. */
export interface PackageVerdict {
  readonly ok: boolean;
  readonly lines: readonly { readonly ok: boolean; readonly text: string }[];
}

export interface PackageOptions {
  readonly publicKey?: string;
  readonly checkpoints?: readonly { readonly name: string; readonly note: string }[];
}

export function checkPackage(files: ReadonlyMap<string, Buffer>, options?: PackageOptions): PackageVerdict;
export function filesIn(folder: string): Map<string, Buffer>;
