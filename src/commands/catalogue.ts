// Every command, once, for both chats, the terminal, help and the manifests. A new command is a use case and a line here.
import { baseImages } from './base-images-command.ts';
import { breakGlass, close, hold, resume, review } from './brake-commands.ts';
import { drift } from './drift-command.ts';
import { digest } from './digest-command.ts';
import { freeze, unfreeze } from './freeze-commands.ts';
import { image } from './image-command.ts';
import { audit } from './audit-command.ts';
import { link } from './link-command.ts';
import { helpVerb, whoami } from './person-commands.ts';
import { check, refresh, registries, show, status } from './posture-commands.ts';
import { promote } from './promote-command.ts';
import { rollback } from './rollback-command.ts';
import { approve, cancel, reject, request, requests } from './request-commands.ts';
import type { Verb } from './verb.ts';
import { waive, waivers } from './waive-command.ts';

const help: Verb = helpVerb(() => verbs);

export const verbs: readonly Verb[] = [
  help,
  status,
  check,
  registries,
  show,
  image,
  promote,
  requests,
  request,
  approve,
  reject,
  cancel,
  hold,
  resume,
  rollback,
  freeze,
  unfreeze,
  breakGlass,
  review,
  close,
  digest,
  drift,
  waive,
  waivers,
  baseImages,
  audit,
  whoami,
  link,
  refresh,
];

export const findVerb = (name: string): Verb | undefined => verbs.find((verb) => verb.name === name);
