import { describe, expect, it } from 'vitest';
import { verbs } from '../../src/commands/catalogue.ts';
import { isRead } from '../../src/commands/reads.ts';

const typed = (text: string) => isRead({ kind: 'text', text });
const clicked = (action: string, id = '') => isRead({ kind: 'action', action, id, nonce: '' });

describe('a deed that only reads', () => {
  it.each(verbs.filter(({ writes }) => writes === true).map(({ name }) => name))('is never %s', (name) => {
    for (const rest of ['', ' P-1', ' P-1 because "x"', ' --dry-run'])
      expect(typed(`${name.toUpperCase()}${rest}`)).toBe(false);
    expect(clicked(name, 'P-1')).toBe(false);
  });

  it.each(verbs.filter(({ writes }) => writes === false).map(({ name }) => name))('is %s', (name) => {
    expect([typed(`${name} x`), clicked(name, 'x')]).toEqual([true, true]);
  });

  it('is a digest that is looked at, and none that is sent or subscribed', () => {
    expect(['digest', 'digest preview', 'digest list'].map(typed)).toEqual([true, true, true]);
    const deeds = ['now', 'subscribe daily', 'SUBSCRIBE daily', ' pause', 'resume', 'unsubscribe x'];
    expect(deeds.map((deed) => typed(`digest ${deed}`))).toEqual(deeds.map(() => false));
    expect([typed('base-images'), typed('base-images Sync')]).toEqual([true, false]);
  });

  it('is a page of a list that reads', () => {
    expect(clicked('page', 'status --page 2')).toBe(true);
    expect(clicked('page', 'approve P-1')).toBe(false);
  });

  it('is a command that nobody knows, which does nothing, but no button that nobody knows, and no form', () => {
    expect(typed('aprove P-1')).toBe(true);
    expect([clicked('nosuch'), clicked('form:promote')]).toEqual([false, false]);
    expect(isRead({ kind: 'form', form: 'promote', id: '', nonce: '', fields: {} })).toBe(false);
  });
});
