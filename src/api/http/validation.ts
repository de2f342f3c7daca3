import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * Bodies are taken as they are; only query strings and path parameters are converted ('10' -> 10), since they have no types.
 * Header schemas are documentation: preconditions.ts reads the headers, so that each fault gets its own code.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'headers') return () => true;
  const compiled = Compile(schema);
  const untyped = httpPart === 'querystring' || httpPart === 'params';
  return (given: unknown) => {
    if (compiled.Check(given)) return { value: given };
    const value = untyped ? withIntegers(schema, given) : given;
    if (untyped && compiled.Check(value)) return { value };
    return { error: compiled.Errors(value) as FastifySchemaValidationError[] };
  };
};

/** Nothing else is a number here: 1.5, 0x10 or an empty value would silently become another one. */
const plainInteger = /^(?:0|-?[1-9]\d{0,14})$/;

function withIntegers(schema: TSchema, given: unknown): unknown {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, { readonly type?: string }>> };
  const converted = Object.entries(given as object).map(([name, value]: [string, unknown]) => {
    const integer = Object.hasOwn(properties, name) && properties[name]?.type === 'integer';
    return [name, integer && typeof value === 'string' && plainInteger.test(value) ? Number(value) : value];
  });
  return Object.fromEntries(converted);
}

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

const names: Readonly<Record<string, string>> = { body: '', querystring: '?', params: '{path}' };

/** What is wrong where: pointer into the body, or the name of the query or path parameter. At most 20. */
export function faultsOf(
  errors: readonly FastifySchemaValidationError[],
  context: string | undefined,
): readonly Fault[] {
  const prefix = names[context ?? 'body'] ?? '';
  return errors.slice(0, 20).flatMap((error) => {
    const { additionalProperties, requiredProperties } = error.params as {
      additionalProperties?: readonly string[];
      requiredProperties?: readonly string[];
    };
    const at = (name?: string) => prefix + error.instancePath + (name === undefined ? '' : `/${escapePointer(name)}`);
    if (additionalProperties) {
      return additionalProperties.slice(0, 20).map((name) => ({ pointer: at(name), detail: 'is not known here' }));
    }
    if (requiredProperties) return requiredProperties.map((name) => ({ pointer: at(name), detail: 'is missing' }));
    return [{ pointer: at(), detail: error.message ?? 'is not valid' }];
  });
}

const escapePointer = (name: string) => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
