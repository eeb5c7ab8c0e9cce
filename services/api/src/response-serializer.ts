import fastJsonStringify from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify';

/**
 * Writes answers as their schema says. A schema is compiled when its first answer is sent: all of them together take most
 * of the time in which the application is made. A test compiles those that the API's document has. Schemas that are shared
 * (`addSchema`) are not passed on.
 */
export const serializerCompiler: FastifySerializerCompiler<fastJsonStringify.Schema> = ({ schema }) => {
  let stringify: ReturnType<typeof fastJsonStringify> | undefined;
  return (answer) => {
    stringify ??= fastJsonStringify(schema);
    return stringify(answer);
  };
};
