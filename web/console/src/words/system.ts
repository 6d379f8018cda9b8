// SPDX-License-Identifier: Apache-2.0
// 系统管理.
import { areaOf } from './index'

export default areaOf({
  zh: {
    grantsNote: '授权和撤销均须两人签名；系统、安全、审计三员互不兼任，也不做考务',
    placesNote: '市—县—考点—考场',
    placeAbove: '上级地点',
    placeCode: '代号（小写字母、数字）',
    revoke: '注销',
    thisServer: '服务器本机',
    terminalsNote: '固定终端凭公钥登记，两人签名；丢失或换机立即注销',
    profilesNote: '已生效的考试配置及其变动的时限',
  },
  en: {
    grantsNote:
      'Given and taken away by two; the three administrators are never the same and do no ' +
      'examination work',
    placesNote: 'City, county, site, room',
    placeAbove: 'Place above it',
    placeCode: 'Code (small letters, digits)',
    revoke: 'Revoke',
    thisServer: 'this server',
    terminalsNote: 'Fixed terminals are enrolled with their key by two, and revoked when lost',
    profilesNote: 'Profiles that were put in force and how many windows each moved',
  },
})
