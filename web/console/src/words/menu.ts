// SPDX-License-Identifier: Apache-2.0
// Names of the menu's groups and of every page: a page's title is `menu.NAME`.
import { areaOf } from './index'

export default areaOf({
  zh: {
    login: '登录',
    desk: '工作台',
    command: '值班指挥',
    exam: '组考管理',
    papers: '试卷管理',
    sitting: '考试实施',
    audit: '监督审计',
    system: '系统管理',
    commandDesk: '值班指挥台',
    commandAlarms: '告警',
    commandOrders: '调度指令',
    commandCalls: '电话审批',
    commandSites: '考点进度',
    commandRoster: '值班表',
    wall: '脱敏大屏',
    wallDuty: '值班室大屏',
  },
  en: {
    login: 'Log in',
    desk: 'Desk',
    command: 'Command',
    exam: 'Examination',
    papers: 'Papers',
    sitting: 'Sessions',
    audit: 'Audit',
    system: 'System',
    commandDesk: 'Duty desk',
    commandAlarms: 'Alarms',
    commandOrders: 'Orders',
    commandCalls: 'Telephone decisions',
    commandSites: 'Progress of sites',
    commandRoster: 'Roster',
    wall: 'Wall, counts only',
    wallDuty: 'Wall of the duty room',
  },
})
