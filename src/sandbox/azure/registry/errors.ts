// Errors as the distribution specification words them: `{errors: [{code, message, detail}]}`.
import type { Answer } from '../answer.ts';

/** A refusal of a registry; `status` and `code` go out as they are. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: object;

  constructor(status: number, code: string, message: string, detail: object = {}) {
    super(message);
    this.name = 'RegistryError';
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** What ACR says of anything locked: 405, whichever flag forbids it. */
export function locked(): RegistryError {
  return new RegistryError(
    405,
    'UNSUPPORTED',
    'The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation',
  );
}

export const manifestUnknown = (reference: string): RegistryError =>
  new RegistryError(404, 'MANIFEST_UNKNOWN', `manifest ${reference} is not found`, { Name: reference });

export const tagUnknown = (tag: string): RegistryError =>
  new RegistryError(404, 'TAG_UNKNOWN', `the specified tag does not exist`, { name: tag });

export const nameUnknown = (name: string): RegistryError =>
  new RegistryError(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name });

export const blobUnknown = (digest: string): RegistryError =>
  new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest });

export function errorAnswer(error: RegistryError): Answer {
  const { code, message, detail } = error;
  return { status: error.status, body: { errors: [{ code, message, detail }] } };
}

/** The answers of the gate in this dialect. */
export function gateAnswer(status: number): Answer {
  if (status !== 429) return errorAnswer(new RegistryError(status, 'UNKNOWN', 'internal server error'));
  const answer = errorAnswer(new RegistryError(429, 'TOOMANYREQUESTS', 'too many requests'));
  return { ...answer, headers: { 'Retry-After': '1' } };
}
