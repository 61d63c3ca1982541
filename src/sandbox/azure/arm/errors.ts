// Errors as Azure Resource Manager words them: `{error: {code, message}}`.
import type { Answer } from '../answer.ts';

/** A refusal of the management plane; status and code go out as they are. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ArmError';
    this.status = status;
    this.code = code;
  }
}

export function armErrorAnswer(error: ArmError, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: error.status, headers, body: { error: { code: error.code, message: error.message } } };
}

export const notFound = (what: string): ArmError =>
  new ArmError(404, 'ResourceNotFound', `The Resource '${what}' was not found.`);

export const badRequest = (message: string): ArmError => new ArmError(400, 'InvalidRequestContent', message);

export function forbidden(
  who: { clientId: string; objectId: string },
  action: string,
  scope: string,
): ArmError {
  return new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${who.clientId}' with object id '${who.objectId}' does not have authorization to perform action ` +
      `'${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** The answers of the gate in this dialect; Resource Graph says of a 429 when its quota resets, and not Retry-After. */
export function armGateAnswer(status: number, path: string): Answer {
  if (status !== 429) {
    return armErrorAnswer(new ArmError(status, 'InternalServerError', 'Encountered internal server error.'));
  }
  if (/Microsoft\.ResourceGraph/i.test(path)) {
    return armErrorAnswer(
      new ArmError(429, 'RateLimiting', 'Please provide below info when asking for support.'),
      {
        'x-ms-user-quota-remaining': '0',
        'x-ms-user-quota-resets-after': '00:00:01',
      },
    );
  }
  return armErrorAnswer(new ArmError(429, 'TooManyRequests', 'Number of requests exceeded the limit.'), {
    'Retry-After': '1',
  });
}
