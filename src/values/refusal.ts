/**
 * A value that cannot be what it should be. The parse functions of this room throw it; the edges turn it into an answer.
 * `code` is stable and in kebab case; the message says what is wrong and what to give instead; `place` says where, if known.
 */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
  readonly code: string;
  readonly place: string | undefined;

  constructor(code: string, message: string, place?: string) {
    super(message);
    this.code = code;
    this.place = place;
  }
}

const longestShown = 60;

/** The offending input, quoted and cut, fit for an error message. */
export function shown(input: unknown): string {
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
}

/** Runs a parse function and names the place in the errors it throws. */
export function at<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidValue && error.place === undefined) {
      throw new InvalidValue(error.code, error.message, place);
    }
    throw error;
  }
}
