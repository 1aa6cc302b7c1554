/** Every file system of which scenes can be asked. */
import { bcachefsScenes } from './bcachefs/scenes.ts'
import { btrfsScenes } from './btrfs/scenes.ts'
import { ext4Scenes } from './ext4/scenes.ts'
import type { SceneSystem } from './file-system.ts'

/** Each runs its own worlds alone: whoever takes one from here passes them through and never looks inside. */
const all = [btrfsScenes, ext4Scenes, bcachefsScenes] as unknown as readonly SceneSystem[]

export const scenesOf = (fs: string): SceneSystem | null => all.find((one) => one.fs === fs) ?? null
