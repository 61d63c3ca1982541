// Why Resource Graph refuses a query. The SDK's own message is a reference number; the reasons are in the answer's
// details, and whoever wrote the query of an own rule needs them.
import { z } from 'zod';
import { AzureError, toAzureError } from './errors.ts';

const refusal = z.object({
  statusCode: z.literal(400),
  details: z.object({
    error: z.object({ details: z.array(z.object({ code: z.string(), message: z.string() })).nullish() }),
  }),
});
/** Says only that the query is invalid. */
const preamble = 'InvalidQuery';
const maxReason = 300;

/** The error of a query as an AzureError; a refusal of the query itself carries Azure's own reasons, cut to a line. */
export function toQueryError(error: unknown): AzureError {
  const plain = toAzureError(error, 'querying Resource Graph');
  const parsed = refusal.safeParse(error);
  const reasons = (parsed.success ? (parsed.data.details.error.details ?? []) : [])
    .filter(({ code }) => code !== preamble)
    .map(({ message }) => message.replace(/\s+/g, ' ').replace(/[\s.]+$/, ''));
  if (reasons.length === 0) return plain;
  return new AzureError(
    plain.code,
    `Resource Graph refuses the query: ${reasons.join('; ').slice(0, maxReason)}.`,
    false,
    400,
  );
}
