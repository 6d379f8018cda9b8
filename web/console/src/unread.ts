// SPDX-License-Identifier: Apache-2.0
// Why the first reading of all (enter.ts) failed.
import { shallowRef } from 'vue'
import type { Problem } from '@/api/client'

export const unread = shallowRef<Problem | null>(null)
