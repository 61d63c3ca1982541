// POST /batch: several GETs in one call, each with its own status, as the Azure portal asks for diagnostic settings.
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { badRequest } from './errors.ts';
import { type ArmRequest, target } from './request.ts';

const schema = z.looseObject({
  requests: z
    .array(
      z.looseObject({
        httpMethod: z.string(),
        relativeUrl: z.string().optional(),
        url: z.string().optional(),
        name: z.string().optional(),
        content: z.unknown().optional(),
      }),
    )
    .max(500),
});

/** `ask` answers one call; a refusal of one is its own status and leaves the others alone. */
export async function batch(request: ArmRequest, ask: (one: ArmRequest) => Promise<Answer>): Promise<Answer> {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
  const responses = [];
  for (const one of parsed.data.requests) {
    const { path, query } = target(one.relativeUrl ?? one.url ?? '');
    const answer = await ask({
      method: one.httpMethod.toUpperCase(),
      path,
      query,
      body: one.content,
      caller: request.caller,
    });
    responses.push({
      ...(one.name === undefined ? {} : { name: one.name }),
      httpStatusCode: answer.status,
      headers: { 'Content-Type': 'application/json; charset=utf-8', ...answer.headers },
      content: answer.body ?? {},
      contentLength: JSON.stringify(answer.body ?? {}).length,
    });
  }
  return { status: 200, body: { responses } };
}
