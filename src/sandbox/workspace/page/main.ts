// The workspace page: Slack on the left, Teams on the right, one person at a time in both, the registries below.
//
// Hooks for tests (data-testid), kept stable:
//   persona-<role>            the switch "You are"
//   theme                     the switch between light and dark
//   hints, hints-close        the panel of the first visit
//   slack-channel-<name>      a channel of the sidebar (also slack-channel-dm); slack-home opens the App Home
//   slack-composer, slack-send, slack-message (with data-ts), slack-home-view
//   slack-element-<action_id> any interactive element; slack-confirm, confirm-yes, confirm-deny
//   slack-modal, modal-submit, modal-close, input-error
//   teams-channel-<name>      a channel (also teams-channel-personal)
//   teams-composer, teams-send, teams-message (with data-id), teams-card, teams-dialog, teams-input-<id>
//   registries, registry-<name>, registry-news, registry-filter
//   toasts, toast
import type { Setup } from '../shapes.ts';
import { get } from './api.ts';
import { h } from './dom.ts';
import { createHints } from './hints.ts';
import { createPersonas } from './personas.ts';
import { createStrip } from './registries.ts';
import { openSession } from './session.ts';
import { createSlackPanel } from './slack/panel.ts';
import { createTeamsPanel } from './teams/panel.ts';
import { createThemeSwitch } from './theme.ts';
import { toast } from './toast.ts';

const session = openSession(await get<Setup>('setup'));
const slack = createSlackPanel(session);
const teams = createTeamsPanel(session);
const strip = createStrip();
const refreshers = { slack: slack.refresh, teams: teams.refresh, registries: strip.refresh };

/** Asks again at most once at a time, and once more if something changed meanwhile. */
function oneAtATime(work: () => Promise<void>): () => void {
  let isRunning = false;
  let again = false;
  const run = async (): Promise<void> => {
    if (isRunning) return void (again = true);
    isRunning = true;
    await work().catch(() => toast('The sandbox does not answer. Is it still running?', 'error'));
    isRunning = false;
    if (!again) return;
    again = false;
    await run();
  };
  return () => void run();
}

const refresh = {
  slack: oneAtATime(refreshers.slack),
  teams: oneAtATime(refreshers.teams),
  registries: oneAtATime(refreshers.registries),
};
const refreshAll = (): void => Object.values(refresh).forEach((one) => one());

const personas = createPersonas(session, () => {
  slack.reset();
  teams.reset();
  refreshAll();
});
document
  .getElementById('app')
  ?.append(
    h(
      'header',
      { class: 'top' },
      h('h1', {}, 'acr-warden', h('span', {}, 'sandbox')),
      h('span', { class: 'you-are' }, 'You are'),
      personas,
      createThemeSwitch(),
    ),
    createHints(session.setup.tries, slack.fill),
    h('main', {}, slack.element, teams.element),
    strip.element,
  );

const events = new EventSource('/api/events');
events.onopen = refreshAll;
events.onmessage = ({ data }: MessageEvent<string>) => {
  if (data === 'slack' || data === 'teams' || data === 'registries') refresh[data]();
};
