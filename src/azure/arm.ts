// Resource Manager by path. Questions that are asked at the same moment travel together, 20 in one POST /batch, as the
// Azure portal asks: a posture scan asks some eight questions a registry. One that is refused is refused alone.
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import type { Cloud } from './clouds.ts';
import { AzureError, parseAnswer, toAzureError } from './errors.ts';
import { inPool } from './pool.ts';

export interface Arm {
  /** The answer to one question; throws AzureError. `path` begins with a slash and carries its api-version. */
  ask(path: string, method?: 'GET' | 'POST'): Promise<unknown>;
  /** The items of a list, all pages. */
  list(path: string): Promise<readonly unknown[]>;
}

/** More than 20 are answered later, by polling. */
const batchSize = 20;
const batchesAtOnce = 4;
const maxPages = 100;

interface Question {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  settle(answer: unknown): void;
  fail(error: AzureError): void;
}

const batchAnswer = z.object({
  responses: z.array(
    z.object({ name: z.string(), httpStatusCode: z.number(), content: z.unknown().optional() }),
  ),
});
const page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

export function createArm(cloud: Cloud, credential: TokenCredential): Arm {
  const send = createSender(cloud, credential);
  let waiting: Question[] = [];

  async function askAll(questions: readonly Question[]): Promise<void> {
    try {
      const answer = parseAnswer(
        batchAnswer,
        await send('POST', '/batch?api-version=2020-06-01', {
          requests: questions.map(({ method, path }, i) => ({
            httpMethod: method,
            relativeUrl: path,
            name: String(i),
          })),
        }),
        'a batch of questions',
      );
      const byName = new Map(answer.responses.map((response) => [response.name, response]));
      await Promise.all(questions.map((question, i) => settle(question, byName.get(String(i)))));
    } catch (error) {
      for (const question of questions) question.fail(toAzureError(error, 'asking Resource Manager'));
    }
  }

  /** What may pass by itself is asked again, alone, with the pipeline's patience. */
  async function settle(
    question: Question,
    answer: z.output<typeof batchAnswer>['responses'][number] | undefined,
  ): Promise<void> {
    const status = answer?.httpStatusCode ?? 0;
    if (answer && status >= 200 && status < 300) return question.settle(answer.content);
    const refusal = toAzureError(
      { statusCode: status, code: codeOf(answer?.content) },
      nameOf(question.path),
    );
    if (!refusal.retry) return question.fail(refusal);
    await send(question.method, question.path).then(
      (body) => question.settle(body),
      (error: unknown) => question.fail(toAzureError(error, nameOf(question.path))),
    );
  }

  function flush(): void {
    const questions = waiting;
    waiting = [];
    const batches = Array.from({ length: Math.ceil(questions.length / batchSize) }, (_, i) =>
      questions.slice(i * batchSize, (i + 1) * batchSize),
    );
    void inPool(batchesAtOnce, batches, askAll);
  }

  const ask: Arm['ask'] = (path, method = 'GET') =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ path, method, settle: resolve, fail: reject });
    });

  return {
    ask,
    list: async (path) => {
      const items: unknown[] = [];
      let next: string | undefined = path;
      for (let pages = 0; next !== undefined; pages++) {
        if (pages === maxPages)
          throw new AzureError('incomplete', `${nameOf(path)} has more than ${maxPages} pages.`, false);
        const found: z.output<typeof page> = parseAnswer(page, await ask(next), nameOf(path));
        for (const item of found.value) items.push(item);
        next = found.nextLink ? pathOf(found.nextLink) : undefined;
      }
      return items;
    },
  };
}

function createSender(cloud: Cloud, credential: TokenCredential) {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 4, retryDelayInMs: 300, maxRetryDelayInMs: 10_000 },
  });
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential, scopes: `${cloud.managementAudience}/.default` }),
    { phase: 'Sign' },
  );
  const http = createDefaultHttpClient();
  return async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const request = createPipelineRequest({
      url: cloud.resourceManager + path,
      method,
      timeout: 30_000,
      headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
      ...(body && { body: JSON.stringify(body) }),
    });
    const response = await pipeline.sendRequest(http, request);
    const answer = parseJson(response.bodyAsText);
    if (response.status >= 200 && response.status < 300) return answer;
    throw toAzureError({ statusCode: response.status, code: codeOf(answer) }, nameOf(path));
  };
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text || 'null') as unknown;
  } catch {
    return undefined;
  }
}

const codeOf = (body: unknown): string | undefined =>
  z.object({ error: z.object({ code: z.string() }) }).safeParse(body).data?.error.code;

/** The last words of a path: `tokens of contosoprod`. */
function nameOf(path: string): string {
  const parts = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  const registry = parts[parts.findIndex((part) => part.toLowerCase() === 'registries') + 1];
  return `reading ${parts.at(-1) ?? 'Resource Manager'}${registry ? ` of ${registry}` : ''}`;
}

/** A next link names its host; only its path is followed. */
const pathOf = (link: string): string => {
  const url = new URL(link, 'https://localhost');
  return url.pathname + url.search;
};
