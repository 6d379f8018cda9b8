// SPDX-License-Identifier: Apache-2.0
import { areaOf } from './index'

export default areaOf({
  zh: {
    print: '打印{form}',
    export: '导出 XLSX',
    title: '打开《{form}》（PDF），打印后签字的纸件为正本',
    handover: '试卷交接单',
    issue_sheet: '领卷签收表',
    store_log: '值班日志',
    keys: '钥匙交接登记表',
    joint_check: '半日联检表',
    replay: '回放记录表',
    room_record: '考场情况记录单',
    violation: '违规情况记录表',
    day_report: '值班日报',
    zero_report: '零报告',
    spare: '备用卷启用登记表',
  },
  en: {
    print: 'Print: {form}',
    export: 'Export XLSX',
    title: 'Opens the form “{form}” (PDF); the signed sheet is the original',
    handover: 'hand-over',
    issue_sheet: 'issue sheet',
    store_log: 'store log',
    keys: 'keys',
    joint_check: 'joint check',
    replay: 'replay',
    room_record: 'room records',
    violation: 'violation records',
    day_report: 'day report',
    zero_report: 'zero-report',
    spare: 'spare papers',
  },
})
