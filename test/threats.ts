// What might be tried against an approval, and the tests that show what comes of it. Each is a file and the words of a test
// in it; `docs/threats.md` is made from this.
type Proof = readonly [file: string, title: string];

const ladder = 'test/journey/slack-ladder.test.ts';
const slack = 'test/channels/slack/guard.test.ts';
const teams = 'test/channels/teams/guard.test.ts';
const machine = 'test/promotion/decide.test.ts';
const story = 'test/journey/promotion.test.ts';
const imports = 'test/commands/import-outcomes.test.ts';
const store = 'test/store/contract.ts';
const explorer = 'test/explorer/explorer.test.ts';
const linking = 'test/commands/link.test.ts';
const links = 'test/store/contract-links.ts';
const moving = 'test/journey/moving-tag.test.ts';

export const threats: Readonly<Record<string, readonly Proof[]>> = {
  'unmapped or ambiguous identity': [
    [ladder, 'an account that maps to nobody, by its own sentence'],
    ['test/policy/lookup.test.ts', 'belongs to nobody when two people have it'],
    [teams, 'Who has no Entra object id is refused and written down, whatever the name'],
  ],
  'guest, bot, foreign team or tenant': [
    [slack, 'An account with %s is refused as %s, to itself alone'],
    ['test/journey/link.test.ts', 'gets no code with %s, whatever the policy says of linking'],
    [
      'test/journey/link.test.ts',
      'gets no code from Teams as a guest, or where Teams does not say; a member gets one',
    ],
    [slack, 'A person of another workspace is refused by the team of the click'],
    [slack, 'Nothing is decided in a channel that another organisation reads'],
    [teams, 'A good token does not help an activity of another tenant, channel or service, or without one'],
  ],
  'self-approval across channels': [
    [
      story,
      'is refused to the requester in both chats and to outsiders, and imported, verified and locked after the approval',
    ],
    [machine, 'refuses the requester, and whom the request bars, whatever groups they are in'],
    [explorer, '%s'],
  ],
  'a link of somebody else’s account to a person': [
    [
      linking,
      'is shown to the confirmer by the name it gives itself, as plain text, and by the id that its chat vouches for',
    ],
    [linking, 'is only for whoever gave it first, and a newer one takes its place'],
    [linking, 'by a question whose account was changed on the way'],
    [linking, 'from an account that is itself only linked, or nobody’s'],
    [links, 'counts as none with %s, written past the product'],
  ],
  'a link’s code guessed, used twice or late': [
    [linking, 'cannot be guessed: five wrong ones, and even the right one is refused for ten minutes'],
    [linking, 'works for ten minutes, also for whoever has the question before them'],
    [linking, 'links once: neither the button nor the code does anything a second time'],
    [linking, 'stands nowhere in the audit, and in the store only as its hash'],
    [links, 'is given to one of 40 who confirm at once from two processes'],
  ],
  'a second vote, or one’s own approval, by a linked account': [
    ['test/journey/link.test.ts', 'votes as the person, whose other account then has no second vote'],
    ['test/journey/link.test.ts', 'is refused the approval of what the person asked for from the other chat'],
  ],
  'a link that outlives the person’s place in the policy': [
    [linking, 'ends with the person: taken out of the policy, or their account given to somebody else'],
    [linking, 'gives way to what the policy says of the account, and to nobody where it says two things'],
    [linking, 'where the policy does not say so, and links of before do not count; the cure is named'],
  ],
  'unsigned or badly signed request': [
    [ladder, 'what Slack did not sign now, before anything is read or written'],
    [slack, 'A request that Slack did not sign now is turned away'],
    [teams, 'A token that Teams did not sign for this bot is 401, and no word of the error goes out'],
  ],
  'byte-identical replay': [
    [slack, 'The same signed bytes twice are one deed'],
    [teams, 'The same activity twice is one deed'],
    ['test/channels/slack/socket.test.ts', 'The same envelope twice is one deed'],
  ],
  'double click, two approvers at once (1,000 parallel clicks are one import)': [
    ['test/journey/clicks.test.ts', 'on one process: each eligible person once, one import'],
    [
      'test/journey/clicks.test.ts',
      'on two processes over one PostgreSQL: each eligible person once, one import',
    ],
    [store, 'of 200 at once from two processes counts each person once'],
  ],
  'approval one millisecond late': [
    [machine, 'does not count a vote that comes in the millisecond of the expiry'],
    [store, 'is judged by the ledger’s own time, which goes on'],
  ],
  'tag moved at every step': [
    [moving, 'of the source: what is promoted is what was approved, or the request is superseded'],
    [moving, 'of the target: another digest there is quarantined, until the lock forbids it'],
    [machine, 'supersedes the request when the source tag moved, whichever command finds it'],
  ],
  'registry outside the edge': [
    [story, 'is refused with a cure when image, tag, stage or way do not exist'],
    ['test/commands/windows.test.ts', 'ends when its registry is of another stage by then'],
    [explorer, 'in the world of %s'],
  ],
  'altered card payload': [
    [slack, 'A button whose value is not ours is refused and written down'],
    [teams, 'A press with values that are not ours is refused'],
    [ladder, '%s'],
  ],
  'audit row changed, removed, reordered, cut off': [
    [store, 'shows a changed, a removed and a reordered row'],
    [store, 'shows a cut tail against an anchor only'],
    [store, 'is signed by one key: whoever comes with another is told so'],
  ],
  'kill at every I/O point between approve and promoted': [
    [
      'test/journey/kill.test.ts',
      'at steps of it (KILL=all: at every door call): each run ends promoted, with one import of everything',
    ],
    ['test/journey/kill.test.ts', 'in the middle of an import'],
    [
      'test/journey/model.test.ts',
      'imports come once and after two votes, and what is promoted is locked and is what was approved',
    ],
  ],
  'poller says success though it failed': [
    [
      imports,
      'that Azure calls succeeded though it failed is not believed, and tried again until it is there',
    ],
    [
      'test/azure/registry-writer.test.ts',
      'is given up after its patience, to be tried again, and the next try ends it',
    ],
  ],
  'target tag exists with the same or another digest': [
    [imports, 'into a tag that another digest took meanwhile ends in quarantine and overwrites nothing'],
    [
      imports,
      'that brings another digest ends in quarantine, alarmed by its state, and is never called promoted',
    ],
    [machine, 'quarantines a target that holds another digest, and fails after six tries'],
  ],
  'referrer missing': [
    ['test/journey/lying-registry.test.ts', 'is never called promoted, whatever Azure said of its import'],
    [
      'test/azure/reader.test.ts',
      'belongs to the image, so that it is copied and locked with it, and is no signature of it',
    ],
  ],
  'lock refused': [
    [imports, 'whose locks are refused stays in locking, says why, and is promoted once they hold'],
    [machine, 'raises one alarm for a lock that does not hold for five minutes, and goes on trying'],
    ['test/deploy/rights.test.ts', 'do not lock without the locker role, and then it is not called promoted'],
  ],
  'digest moved after lock': [
    ['test/journey/lying-registry.test.ts', 'is quarantined by the look that reads the locks back'],
    [story, 'cannot be undone by the registry’s own API, not even by somebody who may push and delete there'],
  ],
  'two replicas and the scheduler': [
    ['test/schedule/worker.test.ts', 'does each of 100 jobs once, with two workers on one store'],
    ['test/schedule/worker.test.ts', 'does not finish a job whose lease it lost'],
    ['test/schedule/ticker.test.ts', 'goes to one of two replicas on one store'],
    ['test/schedule/two-years.test.ts', 'give each slot once, with three replicas that look at odd times'],
    [explorer, 'in the world of %s'],
  ],
  'mention and link injection by tag, label, reason, name': [
    [
      'test/channels/sample-contract.ts',
      '50,000 hostile words in tags, labels, reasons and names make no mention and no link',
    ],
    [
      'test/cards/hostile.test.ts',
      'shows every fact, row and action in a terminal, and nothing that steers it',
    ],
    ['test/cards/line-ends.test.ts', 'cannot add a line of its own to the facts in a terminal'],
  ],
  'secrets never reach logs, audit or cards': [
    ['test/server/log.test.ts', 'never shows %s, wherever it stands'],
    [slack, 'No secret of Slack is in the log'],
    [
      'test/channels/slack/install.test.ts',
      'Whoever comes back is installed, and the bot answers there; the token is nowhere to be read',
    ],
  ],
  'flood by one person': [
    [
      'test/commands/dispatch.test.ts',
      'too many of one account in a minute is refused with the limit; others are not',
    ],
    [store, 'on asking sees what the person and the repository have open, and nobody asks past a limit'],
  ],
  'malformed and deep JSON': [
    [
      'test/channels/slack/storm.test.ts',
      '10,000 random bodies are refused, and the commands of people meanwhile are all answered',
    ],
    [
      'test/channels/slack/storm.test.ts',
      'Replays, bodies of 5 MiB, other methods and types, half requests and deep JSON end in an error of the sender',
    ],
    ['test/events/flood.test.ts', 'get the right status each, and one alarm an event'],
  ],
  'policy file bombs': [
    ['test/config/policy-file.test.ts', 'survives bombs and nonsense with a message instead of a crash'],
    ['test/config/policy-file.test.ts', 'refuses aliases, anchors and tags'],
  ],
  'loosened policy while pending': [
    [machine, 'is not helped by a policy that gets looser while it waits'],
    ['test/promotion/machine.property.test.ts', 'never lets the terms of a request get looser'],
    ['test/commands/windows.test.ts', 'goes back to the votes on a policy that asks for more by then'],
  ],
  'stale card': [
    [ladder, 'a button of an older card, and shows the card as it is now'],
    [machine, 'refuses people outside the groups, a second vote of one person and a card that is old'],
  ],
};
