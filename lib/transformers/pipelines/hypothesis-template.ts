import { ArgumentError } from '../../errors.js'

/**
 * The label in its template, as Python's `template.format(label)`: for `{}` or `{0}`; `{{` and `}}` are braces.
 *
 * @throws ArgumentError for a template without a place for the label, or with another one
 */
export function fillTemplate(template: string, label: string): string {
  let places = 0
  const filled = template.replaceAll(/\{\{|\}\}|\{[^{}]*\}|[{}]/g, (part) => {
    if (part === '{{' || part === '}}') return part.slice(1)
    if (part !== '{0}' && (part !== '{}' || places > 0)) {
      throw new ArgumentError(`hypothesis_template '${template}' has ${part}, for which there is no value`, {
        hint: 'write {} where the label goes, {0} to repeat it, {{ and }} for braces',
      })
    }
    places++
    return label
  })
  if (places > 0) return filled
  throw new ArgumentError(`hypothesis_template '${template}' has no place for the label`, {
    hint: "write {} where the label goes: 'This example is {}.'",
  })
}
