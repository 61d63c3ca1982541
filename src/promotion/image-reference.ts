// Reads an image as people write it. What comes out only selects: repository and tag are looked up in the registries
// of the policy, and a registry named in the text is not followed.

export interface ImageReference {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;
/** A repository of 255, a tag of 128 and a digest of 71 characters, and what stands between them. */
const longest = 456;

/**
 * `shop/web:v1.4.2`, `shop/web@sha256:...` or `shop/web`, by the grammar of the OCI distribution specification.
 * @returns the reference, or a sentence that says what is wrong and how it is written.
 */
export function parseImageReference(text: string): ImageReference | { readonly problem: string } {
  const example = 'Write it as REPOSITORY:TAG, for example shop/web:v1.4.2.';
  // Longer texts would keep the patterns below busy, too.
  if (text.length > longest)
    return { problem: `'${clip(text)}' is longer than an image's name can be. ${example}` };
  const [named = '', digest, more] = text.split('@');
  if (more !== undefined || (digest !== undefined && !digestPattern.test(digest))) {
    return { problem: `'${clip(text)}' has a malformed digest. A digest is sha256: and 64 hex digits.` };
  }
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const [repository, tag] = colon < 0 ? [named] : [named.slice(0, colon), named.slice(colon + 1)];
  if (/^[^/]*[.:][^/]*\//.test(repository)) {
    return {
      problem: `Leave the registry out of '${clip(text)}': the policy says which registry a stage has. ${example}`,
    };
  }
  if (repository.length > 255 || !repositoryPattern.test(repository)) {
    return { problem: `'${clip(text)}' is not an image. ${example}` };
  }
  if (tag !== undefined && !tagPattern.test(tag)) {
    return {
      problem: `'${clip(text)}' has a malformed tag. A tag is up to 128 letters, digits, '.', '_' and '-'.`,
    };
  }
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}...` : text);
