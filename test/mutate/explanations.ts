// Survivors that no test can notice, since nothing that anybody could see differs. They count as survivors all the same.

export interface Explanation {
  readonly file: string;
  /** Where they are: a part of the line each stands on, and the change as it is printed. */
  readonly places: readonly (readonly [code: string, change: string])[];
  readonly why: string;
}

export const explanations: readonly Explanation[] = [
  {
    file: 'src/promotion/brakes.ts',
    places: [['is held by', 'request.held?.by  ->  request.held.by']],
    why: 'a request in this state has a holder',
  },
  {
    file: 'src/promotion/brakes.ts',
    places: [["code: 'source-moved'", 'judged.request.end?.text  ->  judged.request.end.text']],
    why: 'a superseded request has an end',
  },
  {
    file: 'src/promotion/voting.ts',
    places: [["code: 'source-moved'", 'current.end?.text  ->  current.end.text']],
    why: 'a superseded request has an end',
  },
  {
    file: 'src/promotion/image-reference.ts',
    places: [
      ['const colon', '1  ->  2'],
      ['colon < 0', '0  ->  1'],
      ['colon < 0', 'colon < 0  ->  (colon) <= (0)'],
    ],
    why: 'a name, or its last part, that begins with a colon is no image, however it is cut',
  },
  {
    file: 'src/promotion/judgement.ts',
    places: [['const badness', '2  ->  3']],
    why: 'the worst stays the worst',
  },
  {
    file: 'src/promotion/judgement.ts',
    places: [
      ['return badness', 'earlier?.outcome  ->  earlier.outcome'],
      ['return badness', "'pass'  ->  ''"],
    ],
    why: 'a gate that was not there before makes the policy tighter, which is said first',
  },
  {
    file: 'src/promotion/saga.ts',
    places: [
      'promoted',
      'granted',
      'refused',
      'rejected',
      'cancelled',
      'expired',
      'superseded',
      'failed',
      'quarantined',
    ].map((state) => [`case '${state}'`, `'${state}'  ->  ''`] as const),
    why: 'after the last case comes nothing too; the compiler wants every state named',
  },
  {
    file: 'src/promotion/steps.ts',
    places: [['judged.state', 'waits?.why  ->  waits.why']],
    why: 'a waiting request has what it waits for',
  },
  {
    file: 'src/promotion/steps.ts',
    places: [
      ['const text', 'request.evidence?.digest  ->  request.evidence.digest'],
      ['const text', "'digest'  ->  ''"],
    ],
    why: 'without evidence it does not come this far',
  },
  {
    file: 'src/promotion/windows.ts',
    places: [
      ['horizonDays', '90  ->  91'],
      ['spansOf(window, now, -2', '2  ->  3'],
      ['spansOf(window, now, -2', '1  ->  2'],
      ['day <= last', 'day <= last  ->  (day) < (last)'],
    ],
    why: 'windows come back every week and last a day at most: a day more or less of looking finds the same',
  },
  {
    file: 'src/promotion/windows.ts',
    places: [['end: window.to', 'window.to > window.from  ->  (window.to) >= (window.from)']],
    why: 'a policy whose window ends when it begins is refused',
  },
  {
    file: 'src/policy/cases.ts',
    places: [
      ["kind: 'ask'", "'ask'  ->  ''"],
      ["reason: 'case'", "'case'  ->  ''"],
      ["channel: 'case'", "'case'  ->  ''"],
      ["digest: 'sha256:case'", "'sha256:case'  ->  ''"],
      ["mediaType: 'case'", "'case'  ->  ''"],
      ['size: 0,', '0  ->  1'],
      ['layers: 0', '0  ->  1'],
      ['sha256:attached', "'sha256:attached'  ->  ''"],
      ['sha256:attached', '0  ->  1'],
      ['medium: 0', '0  ->  1'],
      ['low: 0', '0  ->  1'],
    ],
    why: 'the types want it; no gate looks at it and no case shows it',
  },
  {
    file: 'src/policy/cases.ts',
    places: [['evidence?.gates', 'evidence?.gates  ->  evidence.gates']],
    why: 'a case is judged before anything else',
  },
  {
    file: 'src/policy/glob.ts',
    places: [
      ['if (!expression)', '!expression  ->  true'],
      ['compiled.set', 'compiled.set(pattern, expression);  ->'],
    ],
    why: 'without the cache it is slower and the same',
  },
  {
    file: 'src/policy/not-yet.ts',
    places: [['nextOpening', '0  ->  1']],
    why: 'a stage that never opens does not open a millisecond later either',
  },
];
