/** What a revision of a scenario promises to old links: step structure, letters, defaults, named schedules, patch sets. */
import { hash } from '../base/hash.ts'
import { canonical } from '../base/plain.ts'
import { patchesOn, originalOf, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

export interface Fingerprint {
  readonly rev: number
  readonly fingerprint: string
  /** The labels of every task's steps, by named schedule: what an upgrader maps old choices with. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

export function fingerprintOf(scenario: Scenario): Fingerprint {
  const { card } = scenario
  const labels = Object.fromEntries(Object.keys(scenario.schedules).map((name) => [name, labelsOf(scenario, name)]))
  const { system } = stage(scenario)
  const promise = {
    labels,
    choices: Object.keys(scenario.schedules).map((name) => [name, originalOf(scenario, name).choices]),
    tasks: system.tasks.map(({ letter, must, procedure }) => [letter, must, procedure]),
    defaults: [card.defaultKernel, card.settings.map(({ name, default: value }) => [name, value])],
    kernels: card.kernels.map((kernel) => [kernel, patchesOn(stage(scenario, { kernel }))]),
  }
  return { rev: card.rev, fingerprint: hash(canonical(promise)), labels }
}

function labelsOf(scenario: Scenario, name: string): Record<string, string[]> {
  const labels: Record<string, string[]> = {}
  for (const { task, procedure, label } of originalOf(scenario, name).infos) (labels[task] ??= []).push(`${procedure}.${label}`)
  return labels
}
