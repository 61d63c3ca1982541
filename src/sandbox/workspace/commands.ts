// What the composers complete and the hint offers. The sandbox imports nothing of the product, so the list is repeated
// here; whoever starts the workspace may give the product's own catalogue instead.
import type { CommandHint } from './shapes.ts';

export const defaultCommands: readonly CommandHint[] = [
  { usage: 'help', about: 'What can be done here' },
  { usage: 'status', about: 'Posture of the registries: score and what fails' },
  { usage: 'check', about: 'One rule: who fails, why and how to fix it' },
  { usage: 'registries', about: 'List the registries' },
  { usage: 'show', about: 'One registry in full' },
  { usage: 'image', about: 'Where an image is along the stages' },
  { usage: 'promote', about: 'Ask for an image to be promoted' },
  { usage: 'requests', about: 'Requests: mine, pending or all' },
  { usage: 'request', about: 'One request in full' },
  { usage: 'approve', about: 'Approve a request' },
  { usage: 'reject', about: 'Reject a request, with a reason' },
  { usage: 'cancel', about: 'Take a request back' },
  { usage: 'hold', about: 'Stop a request before its import' },
  { usage: 'resume', about: 'End a hold' },
  { usage: 'rollback', about: 'Ask that an older tag be the last promoted again' },
  { usage: 'freeze', about: 'Let no import into a stage begin until a time' },
  { usage: 'unfreeze', about: 'Lift a freeze' },
  { usage: 'breakglass', about: 'In an emergency: pass quorum, windows and soak' },
  { usage: 'review', about: 'End the review of a break-glass' },
  { usage: 'close', about: 'Say that an alarm was looked at' },
  { usage: 'base-images', about: 'Where the mirrored images are' },
  { usage: 'digest now', about: 'The digest of this channel, now' },
  { usage: 'digest preview', about: 'Look at the digest yourself' },
  { usage: 'digest subscribe', about: 'Let the digest come on a schedule' },
  { usage: 'drift', about: 'What changed, and by whom' },
  { usage: 'waive', about: 'Ask that a failing rule be accepted for a time' },
  { usage: 'waivers', about: 'The waivers in force' },
  { usage: 'audit', about: 'What was done, by whom' },
  { usage: 'whoami', about: 'The person and rights this account has' },
  { usage: 'link', about: 'Link this account to yourself' },
];

export const defaultTries: readonly string[] = [
  'status',
  'promote shop/web:v1.4.2 from uat to prod because it is tested',
  'image shop/web',
  'digest now',
];
