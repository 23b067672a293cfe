/** The words that are agreed to, by agreement and version. A version once shown is never edited: a change is a new version. */
import type { Agreement } from '#domain';

export const agreementTexts: Record<Agreement, Record<string, string>> = {
  'subscriber-agreement': {
    '2026-01':
      '一、订户应当提供真实、完整、准确的申请材料，并在信息变化时及时申请变更。\n二、签名私钥在证书盘内生成，由订户独立保管和使用；口令应及时修改并妥善保管。\n三、证书盘遗失、损坏或不再使用时，订户应立即申请补办或吊销，吊销前产生的后果由订户承担。\n四、加密密钥由密钥管理中心托管，仅在法律规定或订户书面申请并经双人批准时恢复。\n五、本机构因审核、签发过错造成订户损失的，依法承担责任。',
  },
  'personal-data': {
    '2026-01':
      '一、为核验单位授权，我们处理经办人的姓名、身份证号码、手机号码和身份证复印件。\n二、上述信息仅用于证书申请的审核、通知、寄送和法定留存，加密存放，不用于其他目的。\n三、法定留存期为证书失效后五年；期满后删除。\n四、您可以查询、更正，或撤回同意；撤回后申请不再办理，已发生的处理不受影响。',
  },
};
