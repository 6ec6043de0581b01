/** transformers and huggingface_hub: what may be the name of a model on the hub. */

const part = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/
const lengthLimit = 96

/**
 * Whether a name has the form `model` or `organization/model`; huggingface_hub's `validate_repo_id`. What begins with
 * `./`, `/` or `~` is a path.
 */
export function isRepositoryId(name: string): boolean {
  const parts = name.split('/')
  return (
    parts.length <= 2 &&
    parts.every((text) => part.test(text)) &&
    name.length <= lengthLimit &&
    !name.includes('--') &&
    !name.includes('..') &&
    !name.endsWith('.git')
  )
}
