// Evaluates IAM requests with iam-simulate until standard input ends: each line there is an array of
// simulations as JSON, and becomes a line on standard output, an array of answers. iam-simulate is under the
// AGPL: a tool of these tests, run as a process of its own, and no part of what is shipped.
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import { createInterface } from 'node:readline'

// Keys that IAM has and the evaluator's data lacks, in this form or for this action. They are renamed to keys
// that it takes, in policies and requests alike: what is compared with what stays the same.
const UNLISTED = /"(kms:EncryptionContext|token\.actions\.githubusercontent\.com|gitlab\.com):([\w:]+)"/g
const renamed = json => json.replaceAll(UNLISTED, (_, of, key) => `"aws:PrincipalTag/${of}.${key}"`)

// Requests whose resource has a form that the data does not list: either name of a service that was renamed,
// and a subscription, where the reference names its topic.
const OTHER_FORMS = /^(codeconnections:|codestar-connections:|sns:GetSubscriptionAttributes$)/

async function answer(simulation) {
  const checked = await runSimulation(simulation, {})
  if (checked.resultType === 'error') {
    const otherForm =
      checked.errors.message === 'no.resource.types' && OTHER_FORMS.test(simulation.request.action)
    return otherForm
      ? { decision: runUnsafeSimulation(simulation, {}) }
      : { error: JSON.stringify(checked.errors) }
  }
  const results = checked.results ?? [checked.result]
  const ignored = [...new Set(results.flatMap(each => each.ignoredContextKeys ?? []))]
  if (ignored.length > 0) return { error: `there is no context key ${ignored.join(', ')} for this action` }
  return { decision: checked.overallResult }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = []
  for (const simulation of JSON.parse(renamed(line))) answers.push(await answer(simulation))
  process.stdout.write(`${JSON.stringify(answers)}\n`)
}
