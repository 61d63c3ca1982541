// Which operation a path asks for. Repository names hold slashes and arrive plain or percent-encoded: the path is
// decoded first and matched from its fixed words.

export type Route =
  | { readonly kind: 'ping' }
  | { readonly kind: 'catalog'; readonly api: 'v2' | 'acr' }
  | { readonly kind: 'tag-names'; readonly repository: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly reference: string }
  | { readonly kind: 'blob'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'upload-start'; readonly repository: string }
  | { readonly kind: 'upload'; readonly repository: string; readonly upload: string }
  | { readonly kind: 'referrers'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'repository'; readonly repository: string }
  | { readonly kind: 'tags'; readonly repository: string }
  | { readonly kind: 'tag'; readonly repository: string; readonly tag: string }
  | { readonly kind: 'manifests'; readonly repository: string }
  | { readonly kind: 'manifest-attributes'; readonly repository: string; readonly digest: string };

const name = '([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)';
type Build = (repository: string, rest: string) => Route;

const patterns: readonly (readonly [RegExp, Build])[] = [
  [/^\/v2\/?$/, () => ({ kind: 'ping' })],
  [/^\/v2\/_catalog$/, () => ({ kind: 'catalog', api: 'v2' })],
  [/^\/acr\/v1\/_catalog$/, () => ({ kind: 'catalog', api: 'acr' })],
  [at('v2', '/blobs/uploads/?'), (repository) => ({ kind: 'upload-start', repository })],
  [at('v2', '/blobs/uploads/([^/]+)'), (repository, upload) => ({ kind: 'upload', repository, upload })],
  [at('v2', '/blobs/([^/]+)'), (repository, digest) => ({ kind: 'blob', repository, digest })],
  [at('v2', '/manifests/([^/]+)'), (repository, reference) => ({ kind: 'manifest', repository, reference })],
  [at('v2', '/referrers/([^/]+)'), (repository, digest) => ({ kind: 'referrers', repository, digest })],
  [at('v2', '/tags/list'), (repository) => ({ kind: 'tag-names', repository })],
  [at('acr/v1', '/_tags'), (repository) => ({ kind: 'tags', repository })],
  [at('acr/v1', '/_tags/([^/]+)'), (repository, tag) => ({ kind: 'tag', repository, tag })],
  [at('acr/v1', '/_manifests'), (repository) => ({ kind: 'manifests', repository })],
  [
    at('acr/v1', '/_manifests/([^/]+)'),
    (repository, digest) => ({ kind: 'manifest-attributes', repository, digest }),
  ],
  [at('acr/v1', ''), (repository) => ({ kind: 'repository', repository })],
];

/** The route of a request path, undefined where there is none. */
export function routeOf(path: string): Route | undefined {
  const decoded = decodedPath(path);
  for (const [pattern, build] of patterns) {
    const match = pattern.exec(decoded);
    if (match) return build(match[1] ?? '', match[2] ?? '');
  }
  return undefined;
}

function at(api: string, rest: string): RegExp {
  return new RegExp(`^/${api}/${name}${rest}$`);
}

/** Percent-decoding that leaves a malformed path as it is, so that it ends as "no such route". */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
