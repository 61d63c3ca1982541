// Whether a deed only reads. Then who the person is may be known from a minute ago; before anything is changed the chat and
// Entra are asked anew.
import type { Incoming } from '../ports.ts';
import { findVerb } from './catalogue.ts';
import { splitVerb } from './parse.ts';
import { changesWith, type Verb } from './verb.ts';

/** Forms change something, and so does a button that nobody knows; a command that nobody knows does nothing. */
export function isRead(input: Incoming['input']): boolean {
  switch (input.kind) {
    case 'text':
      return isReadText(input.text);
    case 'action':
      return input.action === 'page' ? isReadText(input.id) : isReadOf(findVerb(input.action), input.id);
    case 'form':
      return false;
  }
}

function isReadText(text: string): boolean {
  const { verb, rest } = splitVerb(text);
  const found = findVerb(verb);
  return found === undefined || isReadOf(found, rest);
}

const isReadOf = (verb: Verb | undefined, rest: string): boolean =>
  verb !== undefined && !changesWith(verb, rest.trim().split(/\s+/));
