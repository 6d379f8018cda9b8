// SPDX-License-Identifier: Apache-2.0
// The device's key: Ed25519, made here, never shown, kept in IndexedDB.
//
// Where the browser has Ed25519 itself (Chrome 137) the key is one that no script can read.  Before
// that the seed is encrypted under an AES key that no script can read either, and lies in memory
// only while something is signed.
//
// The trap: both stand in the browser's profile on this disk.  Whoever copies the profile has the
// device; whoever runs a script on this page can sign with it.  That is why a device has one link
// at a time (the other copy is thrown out and everybody sees it), why acts need somebody's badge
// and PIN as well, and why the office can revoke a device at once (device.revoke).
import { getPublicKeyAsync, signAsync, utils } from '@noble/ed25519'
import { bytesOf, hexOf, unhex } from './bytes'
import { keep, kept } from './store'

interface Kept {
  pub: string
  own?: CryptoKey
  box?: CryptoKey
  iv?: Uint8Array
  seed?: ArrayBuffer
}

export interface DeviceKey {
  pub: string
  sign(text: string): Promise<string>
}

async function makeOwn(): Promise<Kept | undefined> {
  try {
    const pair = (await crypto.subtle.generateKey({ name: 'Ed25519' } as Algorithm, false, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
    return {
      pub: hexOf(await crypto.subtle.exportKey('raw', pair.publicKey)),
      own: pair.privateKey,
    }
  } catch {
    return undefined // a browser before Ed25519
  }
}

async function makeBoxed(): Promise<Kept> {
  const seed = utils.randomPrivateKey(),
    iv = crypto.getRandomValues(new Uint8Array(12))
  const box = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const k = {
    pub: hexOf(await getPublicKeyAsync(seed)),
    box,
    iv,
    seed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, box, seed),
  }
  seed.fill(0)
  return k
}

async function signBoxed(k: Kept, text: string): Promise<string> {
  const seed = new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-GCM', iv: k.iv! }, k.box!, k.seed!),
  )
  const sig = await signAsync(bytesOf(text), seed)
  seed.fill(0)
  return hexOf(sig)
}

export async function deviceKey(): Promise<DeviceKey> {
  let k = await kept<Kept>('key')
  if (!k) {
    k = (await makeOwn()) ?? (await makeBoxed())
    await keep('key', k)
  }
  const mine = k
  return {
    pub: mine.pub,
    sign: async (text) =>
      mine.own
        ? hexOf(await crypto.subtle.sign({ name: 'Ed25519' } as Algorithm, mine.own, bytesOf(text)))
        : signBoxed(mine, text),
  }
}

// The first 256 characters of the Thousand Character Classic, each once: eight of them are the
// first 64 bits of the key's hash, to be read aloud over a telephone.
const CLASSIC =
  '天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳' +
  '云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜' +
  '海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳推位让国有虞陶唐' +
  '吊民伐罪周发殷汤坐朝问道垂拱平章爱育黎首臣伏戎羌遐迩一体率宾归王' +
  '鸣凤在竹白驹食场化被草木赖及万方盖此身四大五常恭惟鞠养岂敢毁伤' +
  '女慕贞洁男效才良知过必改得能莫忘罔谈彼短靡恃己长信使可覆器欲难量' +
  '墨悲丝染诗赞羔羊景行维贤克念作圣德建名立形端表正空谷传声虚堂习听' +
  '祸因恶积福缘善庆尺璧非宝寸阴是竞资父事君曰严与敬孝当竭力忠则尽命临'

export async function fingerprint(pub: string): Promise<string> {
  const h = new Uint8Array(await crypto.subtle.digest('SHA-256', unhex(pub)))
  return Array.from(h.slice(0, 8), (b) => CLASSIC[b]).join('')
}
