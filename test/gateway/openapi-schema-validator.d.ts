/** What is used of this package, whose own types need those of ajv in the version that it brings. */
declare module '@seriousme/openapi-schema-validator' {
  export class Validator {
    /** Of the document that was validated last: '3.1'. */
    version: string;
    validate(document: object): Promise<{ valid: boolean; errors?: object[] }>;
  }
}
