// SPDX-License-Identifier: Apache-2.0
// The menu's icons: paths of a 24 by 24 picture, drawn by a 2-wide line.

export const ICONS: Record<string, string> = {
  desk: 'M3 11l9-7 9 7M5 10v10h14V10M10 20v-6h4v6',
  command:
    'M4 16v-4a8 8 0 0 1 16 0v4M4 16a2 2 0 0 0 4 0v-2a2 2 0 0 0-4 0z' +
    'M16 16a2 2 0 0 0 4 0v-2a2 2 0 0 0-4 0zM18 18c0 2-2 3-5 3',
  exam: 'M5 4h14v17H5zM9 2v4M15 2v4M5 9h14M9 13h6M9 17h4',
  papers: 'M4 8h16v12H4zM8 8V4h8v4M4 13h16M12 11v4',
  sitting: 'M4 5h16v10H4zM8 21h8M12 15v6M8 9h8M8 12h5',
  audit: 'M11 4a7 7 0 1 1 0 14a7 7 0 0 1 0-14zM16 16l5 5M8 11l2 2 4-4',
  system: 'M4 6h10M18 6h2M14 4v4M4 12h4M12 12h8M8 10v4M4 18h12M20 18h0M16 16v4',
}
