// What Resource Graph answers when it refuses: one error class inside, the documented wire shape outside.

/** One entry of `error.details`. `line` counts from 1, `characterPositionInLine` from 0. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
  readonly characterPositionInLine?: number;
  readonly token?: string;
  readonly expectedToken?: string;
}

/** A query that Resource Graph refuses (400). Nothing about it changes by asking again. */
export class QueryError extends Error {
  readonly code = 'InvalidQuery';
  readonly retry = false;
  readonly details: readonly ErrorDetail[];

  constructor(details: readonly ErrorDetail[]) {
    super(details.map((detail) => detail.message).join('; '));
    this.name = 'QueryError';
    this.details = details;
  }
}

/** A well-formed query that means nothing or asks for more than is allowed. */
export function refuse(message: string, code = 'InvalidQueryLanguage', token?: string): QueryError {
  return new QueryError([{ code, message, ...(token === undefined ? {} : { token }) }]);
}

const invalidQuery = {
  code: 'InvalidQuery',
  message:
    'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
};

/** The body of a 400 for a query: `InvalidQuery` first, then the reasons. */
export function queryErrorBody(error: QueryError, at: number): object {
  return badRequestBody([invalidQuery, ...error.details], at);
}

/** The body of a 400 for anything else in the request. */
export function badRequestBody(details: readonly ErrorDetail[], at: number): object {
  const timestamp = new Date(at).toISOString().replace('Z', '0000Z');
  const correlationId = crypto.randomUUID();
  const message = `Please provide below info when asking for support: timestamp = ${timestamp}, correlationId = ${correlationId}.`;
  return { error: { code: 'BadRequest', message, details } };
}
