import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/server/log.ts';

function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const chunks: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  write(createLog('info', sink));
  return chunks.join('');
}

const secrets = [
  'xoxb-123-456-abcDEF',
  'xoxe.xoxp-1-AbC',
  'xapp-1-A0-99-beef',
  'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJl',
  'https://hooks.slack.com/actions/T0/1/abc',
  'Bearer abc.def-ghi',
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----',
];

describe('the log', () => {
  it('says level, message and facts on one line of JSON', () => {
    const line = written((log) => log.warn('a job is tried again', { job: 'step:P-1:2', attempts: 3 }));

    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      msg: 'a job is tried again',
      job: 'step:P-1:2',
      attempts: 3,
    });
  });

  it.each(secrets)('never shows %s, wherever it stands', (secret) => {
    const text = written((log) => {
      log.info(`said ${secret} aloud`);
      log.error('failed', {
        error: new Error(`could not send ${secret}`),
        deep: { list: [{ text: secret }], more: { body: `x ${secret} y` } },
        plain: secret,
      });
    });

    for (const part of secret.split('\n')) if (!part.startsWith('---')) expect(text).not.toContain(part);
    expect(text).toContain('[secret]');
  });

  it.each(['token', 'botToken', 'MicrosoftAppPassword', 'signing_secret', 'Authorization', 'response_url'])(
    'never shows the value of a field called %s, at any depth',
    (key) => {
      const text = written((log) => log.info('x', { [key]: 'hush', a: { b: { [key]: { inner: 'hush' } } } }));

      expect(text).not.toContain('hush');
    },
  );

  it('does not show what stands in a query', () => {
    expect(written((log) => log.info('x', { url: '/webhooks/acr?secret=hush&x=1' }))).not.toContain('hush');
  });

  it('takes any facts without failing', () => {
    const loop: Record<string, unknown> = { a: 1 };
    loop['self'] = loop;

    expect(written((log) => log.info('loop', loop))).toContain('[deep]');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (facts) => {
        written((log) => log.info('x', facts));
      }),
    );
  });
});
