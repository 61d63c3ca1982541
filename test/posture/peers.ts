// The page that sets the checks of eight scanners beside our rules, from the references that our rules carry. Run as a
// program it writes the page; the test says when it is stale.
import { writeFileSync } from 'node:fs';
import { rules } from '../../src/posture/catalogue.ts';
import type { Rule } from '../../src/posture/rule.ts';
import { peerChecks, type PeerCheck } from './peer-checks.ts';

export const peersFile = new URL('../../docs/peers.md', import.meta.url);

/** `CKV_AZURE_16` is not `CKV_AZURE_164`: an id ends where the reference does, or at a blank. */
export const isSame = (reference: string, id: string): boolean =>
  reference === id || reference.startsWith(`${id} `);

export const rulesFor = (check: PeerCheck): readonly Rule[] =>
  rules.filter((rule) => rule.references.some((reference) => check.ids.some((id) => isSame(reference, id))));

/** Rules that no peer has. */
const own = (): readonly Rule[] => {
  const shared = new Set(peerChecks.flatMap(rulesFor));
  return rules.filter((rule) => !shared.has(rule));
};

export function peersPage(): string {
  const rows = peerChecks.map(
    (check) =>
      `| ${check.number} | ${check.check} | ${check.peers} | ${rulesFor(check)
        .map((rule) => rule.id)
        .join(', ')} |`,
  );
  const ours = own().map((rule) => `| ${rule.id} | ${rule.title} |`);
  return `# The checks of eight scanners, and ours

Made from the references of the rules (\`node bin/acr-warden.mjs --node test/posture/peers.ts\`). A rule's references are in
\`acr-warden check RULE\` and in \`check --list --json\`.

| # | check | who has it | rules here |
|---|---|---|---|
${rows.join('\n')}

## What none of them checks

| rule | what it asks for |
|---|---|
${ours.join('\n')}
`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(peersFile, peersPage());
