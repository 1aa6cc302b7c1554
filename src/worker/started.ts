/** The client with the workers of this page: what a first step does without. */
import { createClient, type Client } from './client.ts'
import { spawn } from './spawn.ts'

export const startClient = (): Client => createClient(spawn)
