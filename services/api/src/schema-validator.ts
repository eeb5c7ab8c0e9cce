import { registerAjvFormats } from '@fastify/type-provider-typebox';
import { AppError } from '@sheaf/domain/app-error';
import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { unstorableText } from './unstorable-text.ts';

type SchemaError = { keyword: string; instancePath: string; message: string; params: object };

registerAjvFormats();
// More would only repeat themselves: a list of 25,000 wrong ids has 25,000 errors.
Settings.Set({ maxErrors: 20 });

/**
 * Checks a part of a request and throws `input.invalid` with the paths (JSON pointers) of what is wrong. Only query and
 * path parameters are converted from text; a JSON body has to have the right types. Defaults are filled in, and ids are
 * made lower-case, as they are stored. A schema is compiled when it is first needed: all of them together take a quarter of
 * the time of a start.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let check: ReturnType<typeof Compile> | undefined;
  return (given: unknown) => {
    check ??= Compile(schema);
    const filled = Value.Default(schema, given ?? {});
    const value = httpPart === 'body' ? filled : Value.Convert(schema, filled);
    if (!check.Check(value)) return { error: inputError(check.Errors(value) as SchemaError[]) };
    const unstorable = unstorableText(value);
    return unstorable.length > 0 ? { error: unstorableError(unstorable) } : { value: withLowerCaseIds(schema, value) };
  };
};

/** Checks a value outside of Fastify's own validation; `text`: fields of a form, all of them text. Throws `input.invalid`. */
export function parseWith<S extends TSchema>(schema: S, given: unknown, form: 'text' | 'json'): Static<S> {
  const filled = Value.Default(schema, given ?? {});
  const value = form === 'text' ? Value.Convert(schema, filled) : filled;
  if (!Value.Check(schema, value)) throw inputError(Value.Errors(schema, value) as SchemaError[]);
  const unstorable = unstorableText(value);
  if (unstorable.length > 0) throw unstorableError(unstorable);
  return withLowerCaseIds(schema, value) as Static<S>;
}

/** UUIDs are the same in either case to the database, but not to code that compares them. */
function withLowerCaseIds(schema: unknown, value: unknown): unknown {
  const { properties } = schema as { properties?: Record<string, unknown> };
  if (properties === undefined || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === 'string' && isIdSchema(properties[name]) ? field.toLowerCase() : field,
    ]),
  );
}

function isIdSchema(schema: unknown): boolean {
  const { format, anyOf = [] } = (schema ?? {}) as { format?: string; anyOf?: unknown[] };
  return format === 'uuid' || anyOf.some(isIdSchema);
}

function unstorableError(paths: string[]): AppError {
  return invalidInput(paths.map((path) => ({ path, message: 'must not have NUL or half a surrogate pair in it' })));
}

/** A time that the schema let through, which also takes leap seconds and the year 0. Throws `input.invalid`. */
export function parseTime(text: string, path: string): Date {
  const time = new Date(text);
  // PostgreSQL has no year 0 either; a time zone can lead to it, and past 9999.
  const year = time.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw invalidInput([{ path, message: 'is not a time' }]);
  return time;
}

/** As `parseTime`; what is absent or null stays so. */
export function parseOptionalTime<T extends string | null | undefined>(
  text: T,
  path: string,
): Exclude<T, string> | Date {
  return typeof text === 'string' ? parseTime(text, path) : (text as Exclude<T, string>);
}

function inputError(found: SchemaError[]): AppError {
  const errors = new Map<string, string>();
  for (const { keyword, instancePath, message, params } of found) {
    if (keyword === 'additionalProperties') continue;
    if (keyword === 'required') {
      for (const name of (params as { requiredProperties: string[] }).requiredProperties) {
        errors.set(`${instancePath}/${name}`, 'is required');
      }
    } else if (!errors.has(instancePath)) {
      errors.set(instancePath, wording(keyword, message, params));
    }
  }
  return invalidInput([...errors].map(([path, message]) => ({ path, message })));
}

function wording(keyword: string, message: string, params: object): string {
  if (keyword === 'boolean') return 'is not a known field';
  if (keyword === 'enum') return `must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  return message;
}

/** `input.invalid` for fields that a schema cannot judge; paths are JSON pointers. */
export function invalidInput(errors: { path: string; message: string }[]): AppError {
  const first = errors[0];
  const summary = first ? ` ${first.path || 'The body'} ${first.message}.` : '';
  return new AppError('input.invalid', `The request is not valid.${summary}`, { detail: { errors } });
}
