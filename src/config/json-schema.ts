/** The schema as JSON Schema, for editors and for the table in the documentation. */
import * as z from 'zod';
import { ConfigSchema } from './schema.ts';

export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  required?: string[];
  [keyword: string]: unknown;
}

let cached: JsonSchema | null = null;

/** JSON Schema (2020-12) of `upkeep.config.*` and of the `upkeep` key in package.json. */
export function configJsonSchema(): JsonSchema {
  cached ??= {
    title: 'Upkeep configuration',
    ...(z.toJSONSchema(ConfigSchema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        // A RegExp cannot be written in JSON: without this its empty schema would allow anything.
        if (jsonSchema.anyOf)
          jsonSchema.anyOf = jsonSchema.anyOf.filter((one) => Object.keys(one).length > 0);
      },
    }) as JsonSchema),
  };
  return cached;
}

/** The keys that may stand in the object at this path; empty when there can be none. */
export function keysAt(root: JsonSchema, path: readonly (string | number)[]): string[] {
  let current = alternatives(root, root);
  for (const part of path) {
    current = current
      .flatMap((schema) => child(schema, part))
      .flatMap((schema) => alternatives(schema, root));
  }
  return [...new Set(current.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function child(schema: JsonSchema, part: string | number): JsonSchema[] {
  if (typeof part === 'number') return schema.items === undefined ? [] : [schema.items];
  const property = schema.properties?.[part];
  if (property !== undefined) return [property];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** The schema itself, or the members of the union that it is; references followed. */
export function alternatives(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const target =
    schema.$ref === undefined ? schema : (root.$defs?.[schema.$ref.slice('#/$defs/'.length)] ?? schema);
  return target.anyOf === undefined ? [target] : target.anyOf.flatMap((one) => alternatives(one, root));
}
