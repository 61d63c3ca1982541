// The whole product behind six calls: what a channel is given. A deed is stored before it is acknowledged; answering
// never throws: what went wrong is an answer with a cure.
import { unpaged } from '../cards/pages.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { closestName } from '../policy/closest.ts';
import { personOf } from '../policy/lookup.ts';
import type { Answer, Dispatch, Incoming, MessageRef, Show } from '../ports.ts';
import { openBrakeForm } from './brake-commands.ts';
import { findVerb, verbs } from './catalogue.ts';
import type { Doors } from './doors.ts';
import { createFilling, type FillingPace, type Offer } from './filling.ts';
import { cancelLink, confirmLink } from './link-command.ts';
import { refuseNobody, whoIs, withLink } from './links.ts';
import { asMember } from './membership.ts';
import { pageFlag, pagingOf } from './paging.ts';
import { parseArguments, splitVerb } from './parse.ts';
import { findChoices } from './pickers.ts';
import { openForm } from './promote-command.ts';
import { createRateLimit } from './rate-limit.ts';
import { isRead } from './reads.ts';
import { readAction, refuse } from './refuse.ts';
import { openRejectForm } from './request-commands.ts';
import { viewRequest } from './request-view.ts';
import { type Call, changesWith, type Verb } from './verb.ts';

/** `pace`: of answers that fill. */
export function createDispatch(doors: Doors, pace?: FillingPace): Dispatch {
  const isTooFast = createRateLimit(doors);
  return {
    isRead,
    accept: (incoming) => doors.ledger.accept(incoming.key, incoming),
    answer: async (incoming, show) => {
      const answer = isTooFast(incoming.account)
        ? tooFast(doors)
        : await answerShown(doors, incoming, show, pace);
      await markAnswered(doors, incoming.key);
      return answer;
    },
    view: async (account, id) => {
      const person = await whoIs(doors, account);
      const request = person === undefined ? undefined : await doors.ledger.request(id);
      return request && viewRequest(doors, request);
    },
    choices: (query) =>
      withLink(doors, query.account)
        .then((linked) => findChoices(linked, query))
        .catch((error: unknown) => {
          doors.log.error('the choices of a picker could not be found', { error: String(error) });
          return [];
        }),
    refused: async (account, code, facts) => {
      const person = (await whoIs(doors, account)) ?? 'unknown';
      await doors.ledger.audit({
        at: doors.clock(),
        actor: { person, channel: account.channel, account: account.user },
        action: 'identity-refused',
        subject: code,
        facts,
      });
    },
  };
}

async function markAnswered(doors: Doors, key: string): Promise<void> {
  await doors.ledger.answered(key).catch((error: unknown) => {
    doors.log.error('a delivery could not be marked as answered', { error: String(error) });
  });
}

const tooFast = (doors: Doors): Answer =>
  refuse(
    'too-fast',
    `More than ${doors.policy().limits.commandsPerMinute} commands in a minute. Wait a little and try again.`,
  );

/** The message of an answer that fills is stored under its delivery, until it is answered by this process or the next. */
const messageOf = (key: string): string => `delivery:${key}`;

/** The answer; where it takes long and there is a way to show it, what is known so far is shown first. */
async function answerShown(
  doors: Doors,
  incoming: Incoming,
  show?: Show,
  pace?: FillingPace,
): Promise<Answer> {
  if (!show) return answerSafely(doors, incoming);
  const remember = (message: MessageRef) => doors.ledger.remember(messageOf(incoming.key), message);
  const filling = createFilling({ show, remember, log: doors.log, pace });
  const answer = await answerSafely(doors, incoming, filling.offer);
  await filling.end(answer);
  return answer;
}

async function answerSafely(doors: Doors, incoming: Incoming, offer?: Offer): Promise<Answer> {
  try {
    const member = await asMember(doors, incoming);
    return member.explain(await route(member.doors, incoming, offer ? { offer } : {}));
  } catch (error) {
    const { message, name, retry } = error as { message?: string; name?: string; retry?: boolean };
    doors.log.error('a command failed', { input: incoming.input.kind, error: name, message });
    if (name !== 'AzureError')
      return refuse(
        'unexpected',
        'Something went wrong here, and it is in the log. What was decided is stored: look at it before you try again.',
      );
    return refuse(
      'azure',
      `${message} ${retry ? 'It may pass by itself: try again in a minute.' : ''}`.trim(),
    );
  }
}

/** Text, clicks and forms become the same call of the same use case. */
async function route(doors: Doors, incoming: Incoming, how: How): Promise<Answer> {
  const { input } = incoming;
  switch (input.kind) {
    case 'text': {
      const { verb, rest } = splitVerb(input.text);
      return runVerb(doors, incoming, verb, rest, how);
    }
    case 'action':
      return input.action === 'page'
        ? turnPage(doors, incoming, input.id, how)
        : runAction(doors, incoming, input, how);
    case 'form':
      return runForm(doors, incoming, input);
  }
}

type ActionInput = Extract<Incoming['input'], { kind: 'action' }>;
type FormInput = Extract<Incoming['input'], { kind: 'form' }>;

/** The card that was clicked becomes its page beside. A read that anybody may type, so an old card turns as well. */
async function turnPage(doors: Doors, incoming: Incoming, command: string, how: How): Promise<Answer> {
  const { verb, rest } = splitVerb(command);
  if (!findVerb(verb)?.pages)
    return refuse('no-page', 'This page is not known any more. Ask for the card again.');
  const answer = await runVerb(doors, incoming, verb, rest, { ...how, clicked: true });
  return answer.kind === 'card' ? { kind: 'updated', card: answer.card } : answer;
}

async function runAction(doors: Doors, incoming: Incoming, input: ActionInput, how: How): Promise<Answer> {
  const clicked = { ...how, clicked: true, ...(input.nonce && { nonce: input.nonce }) };
  const buttons: Readonly<Record<string, (call: Call) => Promise<Answer>>> = {
    'form:reject': (call) => openRejectForm(call, doors),
    'form:promote': (call) => openForm(call, doors, { id: input.id }),
    'form:review': (call) => openBrakeForm(call, doors, 'review'),
    'form:breakglass': (call) => openBrakeForm(call, doors, 'breakglass'),
    'link:confirm': (call) => confirmLink(call, doors),
    'link:cancel': (call) => cancelLink(call, doors),
  };
  const button = Object.hasOwn(buttons, input.action) ? buttons[input.action] : undefined;
  if (!button) return runVerb(doors, incoming, input.action, quoted(input.id), clicked);
  const call = mapped(doors, incoming, { positional: [input.id], words: {}, flags: {} }, clicked);
  return 'kind' in call ? call : button(call);
}

async function runForm(doors: Doors, incoming: Incoming, input: FormInput): Promise<Answer> {
  const because = input.fields['reason']?.trim();
  const reason = because ? { because } : {};
  // These forms are the verb of their name, with the reason and what else was written.
  if (reasonForms.has(input.form)) {
    const ticket = input.fields['ticket']?.trim();
    const words = ticket ? { ticket } : {};
    const args = { positional: [input.id], words, flags: {}, ...reason };
    return runParsed(doors, incoming, input.form, args, { nonce: input.nonce });
  }
  if (input.form !== 'promote')
    return refuse('unknown-form', 'This form is not known any more. Open it again.');
  const { way = '', repository = '', tag = '' } = input.fields;
  if (!repository) return refuse('missing-argument', 'Choose a repository.', { field: 'repository' });
  if (!tag) return refuse('missing-argument', 'Choose a tag.', { field: 'tag' });
  const [from = '', to = ''] = way.split('>');
  return runParsed(
    doors,
    incoming,
    'promote',
    { positional: [`${repository}:${tag}`], words: { from, to }, flags: {}, ...reason },
    {},
  );
}

const reasonForms: ReadonlySet<string> = new Set(['reject', 'review', 'breakglass']);

/** An id from a button as one argument, whatever is in it. */
const quoted = (id: string): string => (id === '' ? '' : JSON.stringify(id));

type How = { readonly clicked?: boolean; readonly nonce?: string; readonly offer?: Offer };

async function runVerb(
  doors: Doors,
  incoming: Incoming,
  name: string,
  rest: string,
  how: How,
): Promise<Answer> {
  const verb = findVerb(name);
  if (!verb) return unknownVerb(name);
  const parsed = parseArguments(rest, verb.pages ? { ...verb.flags, ...pageFlag } : verb.flags);
  if ('problem' in parsed) return refuse('usage', `${parsed.problem} Usage: ${verb.usage}`);
  // Nothing that was typed is left out in silence: `approve P-1 P-2` must not look as if both were.
  const extra = parsed.positional[verb.words] ?? (verb.pages ? undefined : parsed.words['page'] && 'page');
  if (extra !== undefined)
    return refuse('usage', `'${extra.slice(0, 40)}' is more than '${verb.name}' takes. Usage: ${verb.usage}`);
  return runParsed(doors, incoming, name, parsed, how);
}

async function runParsed(
  doors: Doors,
  incoming: Incoming,
  name: string,
  args: Call['arguments'],
  how: How,
): Promise<Answer> {
  const verb = findVerb(name);
  if (!verb) return unknownVerb(name);
  const call = mapped(doors, incoming, args, how, verb);
  return 'kind' in call ? call : verb.run(call, doors);
}

/** The call with its person. Nobody in the policy is refused everything but help and whoami. */
function mapped(
  doors: Doors,
  incoming: Incoming,
  args: Call['arguments'],
  how: How,
  verb?: Verb,
): Call | Answer {
  const { account, place, called } = incoming;
  const paging = verb?.pages ? pagingOf(verb.name, args, account.channel) : unpaged;
  if (!paging) return refuse('usage', `Which page? Write a number from 1 on: /acr ${verb?.name} --page 2`);
  const person = personOf(doors.policy(), account);
  // Whoever has a terminal on the data folder reads it anyway; writes there name a person.
  const reads =
    account.channel === 'terminal' &&
    account.user === '' &&
    verb &&
    (!changesWith(verb, args.positional) || args.flags['dry-run'] === true);
  if (person === undefined && verb?.access !== 'anyone' && !reads) return refuseNobody(doors, account);
  return {
    account,
    place,
    person,
    ...(called && { called }),
    arguments: args,
    clicked: how.clicked ?? false,
    paging,
    ...(how.nonce && { nonce: how.nonce }),
    ...(how.offer && { offer: how.offer }),
  };
}

/** The nearest commands: reads as buttons, writes as text only. Nothing is run by guess. */
function unknownVerb(name: string): Answer {
  const near = closestName(
    name,
    verbs.map((verb) => verb.name),
  );
  const verb = near === undefined ? undefined : findVerb(near);
  const hint = verb ? ` Did you mean: ${verb.usage}` : ' See what there is with: help';
  const suggestions =
    verb && !changesWith(verb, [])
      ? [readAction(verb.name, `Run ${verb.name}`)]
      : [readAction('help', 'Show help')];
  return refuse('unknown-verb', `There is no command '${name.slice(0, 40)}'.${hint}`, { suggestions });
}

/**
 * After a start: deeds that were acknowledged before it and never answered, done now, however many they are. They are
 * looked up before the channels open, so that nothing that comes in meanwhile is done twice. Their cards follow by
 * themselves; one that was filling when the process ended goes on in its message.
 */
export async function finishUnanswered(
  doors: Doors,
  open: Awaited<ReturnType<Doors['ledger']['unanswered']>>,
): Promise<number> {
  for (const { key, payload } of open) {
    const incoming = payload as Incoming;
    const messenger = doors.messengers.get(incoming.account.channel);
    const [message] = await doors.ledger.messages(messageOf(key));
    let isShown = false;
    const show: Show = async (soFar, progress) => {
      if (!message || soFar.kind === 'form') return undefined;
      await messenger?.update(message, soFar.card);
      isShown = !progress;
      return message;
    };
    const answer = await answerShown(doors, incoming, message && show);
    if (message && !isShown) await show(answer).catch(() => undefined);
    await markAnswered(doors, key);
    if (isShown) continue;
    const card =
      answer.kind === 'form'
        ? noticeCard('Interrupted', 'The bot was restarted while the form was opening. Open it again.')
        : answer.card;
    await messenger?.direct(incoming.account, card, `recovered:${key}`).catch((error: unknown) => {
      doors.log.warn('a late answer could not be delivered', { error: String(error) });
    });
  }
  return open.length;
}
