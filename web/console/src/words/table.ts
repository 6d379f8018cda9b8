// SPDX-License-Identifier: Apache-2.0
import { areaOf } from './index'

export default areaOf({
  zh: {
    search: '查找',
    acts: '办理',
    searchHint: '任一栏中的文字',
    all: '全部',
    rows: '{n} 行',
    rowsMore: '已读 {n} 行，后面还有',
    more: '继续读取',
    filter: '筛选：{name}',
    trace: '追溯 {id}',
    times: '时间均为 {offset}',
  },
  en: {
    search: 'Find',
    acts: 'Actions',
    searchHint: 'text in any column',
    all: 'all',
    rows: '{n} row | {n} rows',
    rowsMore: '{n} row read, more follow | {n} rows read, more follow',
    more: 'Read on',
    filter: 'Filter: {name}',
    trace: 'Trace {id}',
    times: 'Times are {offset}',
  },
})
