import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { ImportFailure, type Problem } from '../failure.ts';
import { checkMapping } from './check-mapping.ts';
import { Mapping } from './schema.ts';

const validator = Compile(Mapping);

/** Reads and validates a mapping file. Throws ImportFailure with every problem found, each with its place. */
export async function readMapping(path: string): Promise<Mapping> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ImportFailure([
      { code: 'mapping-not-readable', file: path, message: `cannot be read: ${(error as Error).message}` },
    ]);
  }
  return parseMapping(text.replace(/^\uFEFF/, ''), path);
}

/** The same for a text already in memory; `file` names it in errors. */
export function parseMapping(text: string, file: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `is not JSON: ${(error as Error).message}`;
    throw new ImportFailure([
      { code: 'mapping-not-json', file, line: lineOf(text, (error as Error).message), message },
    ]);
  }
  if (!validator.Check(value)) throw new ImportFailure(asProblems(validator.Errors(value), file));
  const problems = checkMapping(value, file);
  const [first, ...rest] = problems;
  if (first) throw new ImportFailure([first, ...rest]);
  return value;
}

/** V8 names the place of a syntax error as a line or as an offset, or only says that the text ended. */
function lineOf(text: string, message: string): number {
  const line = /line (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  const offset = /position (\d+)/.exec(message)?.[1];
  return text.slice(0, offset === undefined ? undefined : Number(offset)).split('\n').length;
}

type SchemaError = ReturnType<typeof validator.Errors>[number];

/** A choice of shapes reports one error per shape; the deepest ones are about the shape that was meant. */
function asProblems(errors: readonly SchemaError[], file: string): [Problem, ...Problem[]] {
  const told = new Map<string, string[]>();
  for (const { keyword, instancePath, message } of errors) {
    if (keyword === 'anyOf' || keyword === 'additionalProperties') continue;
    const words = keyword === 'boolean' ? 'is not an option here' : message;
    told.set(instancePath, [...(told.get(instancePath) ?? []), words]);
  }
  const paths = [...told.keys()].filter((path) => ![...told.keys()].some((other) => other.startsWith(`${path}/`)));
  const [first, ...rest] = paths.map(
    (pointer): Problem => ({
      code: 'mapping-invalid',
      file,
      pointer,
      message: [...new Set(told.get(pointer))].join(' or '),
    }),
  );
  return [first ?? { code: 'mapping-invalid', file, pointer: '', message: 'does not fit the mapping schema' }, ...rest];
}
