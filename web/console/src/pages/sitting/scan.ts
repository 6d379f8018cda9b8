// SPDX-License-Identifier: Apache-2.0
// Pictures of signed forms: the code is read and the picture hashed in this browser; only these two
// go to the server, never the picture.
import { get, asProblem, type Problem } from '@/api/client'

export interface ScannedForm {
  form: string
  id: string
  zh: string
  en: string
  place: string
  session?: string
  day?: string
  entries: number
  check: string
  root: string
  page: number
  pages: number
  sound: boolean
  filed?: number
}
export interface Scan {
  file: string
  hash: string
  form: ScannedForm | null // null: no code was read, or `problem` says why it leads nowhere
  problem: Problem | null
}
// One form, with its pages in order; `missing` those that are in no picture.
export interface Bundle {
  form: ScannedForm
  scans: Scan[]
  missing: number[]
}

const WIDEST = 2000 // more dots make it slower, not surer

async function pixels(file: File): Promise<ImageData> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const scale = Math.min(1, WIDEST / Math.max(image.naturalWidth, image.naturalHeight))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.naturalWidth * scale)
    canvas.height = Math.round(image.naturalHeight * scale)
    const ink = canvas.getContext('2d')
    if (!ink) throw new Error('no canvas')
    ink.drawImage(image, 0, 0, canvas.width, canvas.height)
    return ink.getImageData(0, 0, canvas.width, canvas.height)
  } finally {
    URL.revokeObjectURL(url)
  }
}

async function codeOf(file: File): Promise<string | null> {
  try {
    const [{ default: jsQR }, dots] = await Promise.all([import('jsqr'), pixels(file)])
    return jsQR(dots.data, dots.width, dots.height)?.data ?? null
  } catch {
    return null // no picture at all
  }
}

async function hashOf(file: File): Promise<string> {
  const { sha256 } = await import('@noble/hashes/sha2')
  const bytes = sha256(new Uint8Array(await file.arrayBuffer()))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

export async function scanOf(file: File): Promise<Scan> {
  const scan: Scan = { file: file.name, hash: await hashOf(file), form: null, problem: null }
  const code = await codeOf(file)
  if (code === null) return scan
  try {
    scan.form = await get<ScannedForm>('scanned-form', { query: { code } })
  } catch (e) {
    scan.problem = asProblem(e)
  }
  return scan
}

export function bundles(scans: Scan[]): Bundle[] {
  const all = new Map<string, Bundle>()
  for (const s of scans) {
    if (!s.form) continue
    const b = all.get(s.form.check) ?? { form: s.form, scans: [], missing: [] }
    if (!b.scans.some((x) => x.form?.page === s.form?.page)) b.scans.push(s)
    all.set(s.form.check, b)
  }
  for (const b of all.values()) {
    b.scans.sort((x, y) => (x.form?.page ?? 0) - (y.form?.page ?? 0))
    const there = new Set(b.scans.map((s) => s.form?.page))
    for (let page = 1; page <= b.form.pages; page++) if (!there.has(page)) b.missing.push(page)
  }
  return [...all.values()]
}

// What filing.file_form wants.
export function dataOf(b: Bundle): Record<string, unknown> {
  const { place, form, session, day, entries, check, root } = b.form
  return {
    place,
    form,
    ...(session ? { session } : { day }),
    entries,
    check,
    root,
    pages: b.scans.map((s) => ({ scan: s.hash })),
  }
}
