/** A schedule of steps that were taken together, step by step: what a page or another search can follow. */
import { Machine } from '../engine/machine.ts'
import type { World } from '../engine/procedure.ts'
import { parseSchedule, printSchedule } from '../engine/schedule.ts'
import type { State } from '../engine/state.ts'
import type { System } from '../engine/system.ts'
import type { Letter } from '../engine/view.ts'

export class SingleSteps<W extends World> {
  private readonly machine: Machine<W>
  private readonly fused: ReadonlySet<string>
  private state: State
  private choices: Letter[] = []

  constructor(system: System<W>, fused: ReadonlySet<string>) {
    this.machine = new Machine({ ...system, fused: new Set() })
    this.fused = fused
    this.state = this.machine.initial
  }

  /** The schedule with every step by itself. */
  of(schedule: string): string {
    this.state = this.machine.initial
    this.choices = []
    for (const letter of parseSchedule(schedule)) {
      const prompt = this.take(letter)
      for (const spawned of prompt) prompt.push(...this.take(spawned))
    }
    return printSchedule(this.choices)
  }

  /** Takes the next step of a task, if it does not wait, and those that follow at once. @returns who was spawned and begins at once. */
  private take(letter: Letter): Letter[] {
    const prompt: Letter[] = []
    for (;;) {
      const name = this.nameOf(letter)
      const before = new Set(this.live())
      if (!this.step(letter)) return prompt
      if ([...this.fused].some((one) => one.startsWith(`${name}>`))) prompt.push(...this.live().filter((one) => !before.has(one)))
      const then = this.nameOf(letter)
      if (then === null || !this.fused.has(then)) return prompt
    }
  }

  private step(letter: Letter): boolean {
    const slot = this.machine.slotOfTask(letter)
    if (slot === null || !this.machine.isUnfinished(this.state, slot)) return false
    const next = this.machine.step(this.state, slot)
    if (!(next instanceof Int32Array)) return false
    this.state = next
    this.choices.push(letter)
    return true
  }

  private nameOf(letter: Letter): string | null {
    const at = this.machine.at(this.state, letter)
    return at && `${at.procedure}.${at.label}`
  }

  private live(): Letter[] {
    return this.machine.taskSlots.filter((slot) => this.machine.isUnfinished(this.state, slot)).map((slot) => this.machine.letter(slot))
  }
}
