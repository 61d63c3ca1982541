import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Arm, createArm } from '../../src/azure/arm.ts';
import { cloudOf } from '../../src/azure/clouds.ts';
import { ensureCertificate } from '../../src/sandbox/azure/certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'arm-'));
let server: Server;
let arm: Arm;
/** What a path answers, one answer after the other; the last one stays. */
let answers: Record<string, { status: number; body: unknown }[]>;
let batches: number[];
let asked: string[];
let batchStatus: number;

const answerOf = (path: string) => {
  asked.push(path);
  const list = answers[path] ?? [{ status: 404, body: { error: { code: 'ResourceNotFound' } } }];
  return (list.length > 1 ? list.shift() : list[0])!;
};

beforeAll(async () => {
  const certificate = ensureCertificate(folder);
  const trusted = readFileSync(certificate.caFile, 'utf8');
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), trusted]);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString();
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.url?.startsWith('/batch') && batchStatus === 200) {
      const { requests } = JSON.parse(text) as { requests: { relativeUrl: string; name: string }[] };
      batches.push(requests.length);
      const responses = requests.map(({ relativeUrl, name }) => {
        const { status, body } = answerOf(relativeUrl);
        return { name, httpStatusCode: status, content: body };
      });
      // In another order than they were asked in.
      reply(200, { responses: responses.reverse() });
    } else if (request.url?.startsWith('/batch')) reply(batchStatus, { error: { code: 'Refused' } });
    else {
      const { status, body } = answerOf(request.url ?? '');
      reply(status, body);
    }
  };
  server = createServer(
    { key: certificate.key, cert: certificate.cert },
    (request, response) => void answer(request, response),
  );
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  arm = createArm(cloudOf('public', url), {
    getToken: async () => ({ token: 'a', expiresOnTimestamp: Date.now() + 3_600_000 }),
  });
});
beforeEach(() => {
  answers = {};
  batches = [];
  asked = [];
  batchStatus = 200;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const codeOf = (error: { code: string }) => error.code;

describe('Resource Manager', () => {
  it('is asked twenty questions at a time, and each gets its own answer', async () => {
    const paths = Array.from({ length: 45 }, (_, i) => `/thing/${i}?api-version=1`);
    for (const [i, path] of paths.entries()) answers[path] = [{ status: 200, body: { i } }];

    expect(await Promise.all(paths.map((path) => arm.ask(path)))).toEqual(paths.map((_, i) => ({ i })));
    expect(batches.toSorted((a, b) => b - a)).toEqual([20, 20, 5]);
  });

  it('refuses one question and answers the others', async () => {
    answers['/a'] = [{ status: 200, body: 'yes' }];
    answers['/b'] = [{ status: 403, body: { error: { code: 'AuthorizationFailed' } } }];
    const results = await Promise.all([
      arm.ask('/a'),
      arm.ask('/b').catch(codeOf),
      arm.ask('/c').catch(codeOf),
    ]);

    expect(results).toEqual(['yes', 'forbidden', 'not-found']);
  });

  it('is asked again, alone, for what may pass by itself', async () => {
    answers['/a'] = [
      { status: 429, body: {} },
      { status: 200, body: 'at last' },
    ];

    expect(await arm.ask('/a')).toBe('at last');
    expect(asked).toEqual(['/a', '/a']);
  });

  it('gives all pages of a list', async () => {
    answers['/list?api-version=1'] = [
      { status: 200, body: { value: [1, 2], nextLink: 'https://elsewhere.example/list?page=2' } },
    ];
    answers['/list?page=2'] = [{ status: 200, body: { value: [3] } }];

    expect(await arm.list('/list?api-version=1')).toEqual([1, 2, 3]);
  });

  it('gives an error for a list of another shape, never an empty list', async () => {
    answers['/list'] = [{ status: 200, body: { items: [] } }];

    expect(await arm.list('/list').catch(codeOf)).toBe('malformed');
  });

  it('fails every question of a batch that is refused', async () => {
    batchStatus = 403;

    expect(await Promise.all(['/a', '/b'].map((path) => arm.ask(path).catch(codeOf)))).toEqual([
      'forbidden',
      'forbidden',
    ]);
  });
});
