// Who the person at the page is and where they are in each chat; kept in the browser so that a reload changes nothing.
import type { SamplePerson } from '../../cast.ts';
import type { Setup } from '../shapes.ts';

export interface Session {
  readonly setup: Setup;
  me: SamplePerson;
  /** A Slack channel's name, `dm` or `home`. */
  slackPlace: string;
  /** A Teams channel's name, or `personal`. */
  teamsPlace: string;
}

const key = 'acr-warden-workspace';

export function openSession(setup: Setup): Session {
  const saved = readSaved();
  const me = setup.people.find((one) => one.role === saved.role) ?? setup.people[0];
  if (!me) throw new Error('The server names no people.');
  return {
    setup,
    me,
    slackPlace: saved.slackPlace ?? 'releases',
    teamsPlace: saved.teamsPlace ?? 'releases',
  };
}

export function saveSession({ me, slackPlace, teamsPlace }: Session): void {
  localStorage.setItem(key, JSON.stringify({ role: me.role, slackPlace, teamsPlace }));
}

function readSaved(): Partial<{ role: string; slackPlace: string; teamsPlace: string }> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as object;
  } catch {
    return {};
  }
}

/** True once: on the first visit, or until the hint was closed. */
export function isHintOpen(): boolean {
  return localStorage.getItem(`${key}-hint`) !== 'closed';
}

export function closeHint(): void {
  localStorage.setItem(`${key}-hint`, 'closed');
}
