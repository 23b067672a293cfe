/** What a person can type or upload wrongly. All 4xx, none retryable as it stands. */
import { row } from './row.js';

// prettier-ignore
export const inputErrors = {
  INPUT_INVALID: row(422, false, '提交的内容有误。', 'Some of what was sent is not valid.', '请按各字段的说明修改后重新提交。', 'Correct the fields named and send again.'),
  BODY_MALFORMED: row(400, false, '请求内容无法解析。', 'The request body cannot be read.', '请以 UTF-8 编码的 JSON 重新发送。', 'Send JSON encoded as UTF-8.'),
  FIELD_REQUIRED: row(422, false, '此项必填。', 'This field is required.', '请填写此项。', 'Fill in this field.'),
  FIELD_UNKNOWN: row(422, false, '不认识的字段。', 'This field is not known.', '请删除此字段，或对照接口文档检查拼写。', 'Remove it, or check its spelling against the API documentation.'),
  FIELD_TYPE: row(422, false, '此项的类型不正确。', 'This field has the wrong type.', '请对照接口文档填写。', 'Check the API documentation for the type.'),
  FIELD_TOO_LONG: row(422, false, '此项过长，最多 {limit} 个字符。', 'Too long: at most {limit} characters.', '请缩短后重填。', 'Shorten it.'),
  FIELD_RANGE: row(422, false, '此项须在 {min} 与 {max} 之间。', 'Must be between {min} and {max}.', '请填写范围内的数值。', 'Give a value within the range.'),
  FIELD_CHOICE: row(422, false, '此项不在可选范围内。', 'Not one of the allowed values.', '请从列出的选项中选择。', 'Choose one of the listed values.'),
  FIELD_FORMAT: row(422, false, '此项格式不正确。', 'The format is not right.', '请对照示例填写。', 'Follow the example.'),
  TEXT_CONTROL_CHARACTER: row(422, false, '含有控制字符或不可见字符。', 'Contains control or invisible characters.', '请删除后手工重新输入，不要从其他软件粘贴。', 'Delete it and type it by hand instead of pasting.'),
  TEXT_LONE_SURROGATE: row(422, false, '含有残缺的字符编码。', 'Contains half of a character (a lone surrogate).', '请删除后手工重新输入。', 'Delete it and type it again.'),
  PHONE_INVALID: row(422, false, '手机号码不正确。', 'Not a mobile number of mainland China.', '请填写 11 位中国内地手机号码。', 'Give an 11-digit mobile number of mainland China.'),
  USCC_INVALID: row(422, false, '统一社会信用代码须为 18 位数字或大写字母（不含 I、O、Z、S、V）。', 'A unified social credit code has 18 digits or capital letters (never I, O, Z, S, V).', '请对照营业执照填写。', 'Copy it from the business licence.'),
  USCC_CHECK_DIGIT: row(422, false, '统一社会信用代码校验位不符。', 'The check digit of the unified social credit code does not fit.', '请对照营业执照逐位核对。', 'Compare it with the licence, character by character.'),
  IDENTITY_NUMBER_INVALID: row(422, false, '居民身份证号码不正确。', 'Not a valid resident identity number.', '请对照身份证逐位核对。', 'Compare it with the identity card.'),
  CERTIFICATE_NAME_CHARACTER: row(422, false, '单位名称含有不能用于证书的字符：{character}。', 'The name holds a character that a certificate cannot carry: {character}.', '请按营业执照上的名称填写。', 'Give the name as it stands on the licence.'),
  SEAL_NAME_TOO_LONG: row(422, false, '单位名称有 {length} 个字，印章最多容纳 {limit} 个字。', 'The name has {length} characters; a seal carries at most {limit}.', '请联系客服 400-028-1130 办理简称备案。', 'Call customer service, 400-028-1130, to register a short form.'),
  SEAL_GLYPH_MISSING: row(422, false, '印章字库没有这个字：{character}。', 'The seal typeface has no glyph for {character}.', '请联系客服 400-028-1130。', 'Call customer service, 400-028-1130.'),
  FILE_EMPTY: row(422, false, '文件是空的。', 'The file is empty.', '请重新扫描后上传。', 'Scan it again and upload.'),
  FILE_TOO_LARGE: row(413, false, '文件超过 {limit} MB。', 'The file is larger than {limit} MB.', '请降低扫描分辨率（建议 300 dpi 灰度）后上传。', 'Scan at a lower resolution (300 dpi grey is enough).'),
  FILE_TYPE: row(422, false, '只接受 PDF、JPEG、PNG 文件。', 'Only PDF, JPEG and PNG are accepted.', '请转换格式后上传。', 'Convert the file and upload it again.'),
  FILE_CONTENT_MISMATCH: row(422, false, '文件内容与扩展名不符：名为 {named}，实为 {found}。', 'The content is not what the name says: named {named}, found {found}.', '请用原软件重新导出，不要直接改扩展名。', 'Export it again instead of renaming it.'),
  FILE_ENCRYPTED: row(422, false, '文件已加密，无法查看。', 'The file is encrypted and cannot be read.', '请去除密码后重新上传。', 'Remove the password and upload it again.'),
  FILE_UNREADABLE: row(422, false, '文件已损坏，无法打开。', 'The file is damaged and cannot be opened.', '请重新扫描后上传。', 'Scan it again and upload.'),
  MATERIAL_MISSING: row(422, false, '缺少材料。', 'A required document is missing.', '请上传此材料（加盖单位公章）。', 'Upload this document, with the company stamp.'),
  CONSENT_MISSING: row(422, false, '尚未同意当前版本的协议。', 'The current version of this agreement has not been accepted.', '请阅读并同意后再提交。', 'Read and accept it before submitting.'),
  IDEMPOTENCY_KEY_MISSING: row(400, false, '缺少 Idempotency-Key 请求头。', 'The Idempotency-Key header is missing.', '请为每次提交生成一个唯一值（8–64 个字母、数字或 -_）。', 'Send a value that is unique to this submission (8-64 letters, digits, - or _).'),
  IDEMPOTENCY_KEY_REUSED: row(409, false, '同一提交标识已用于其他内容。', 'This idempotency key was used for other content.', '请换用新的提交标识。', 'Use a new key.'),
} as const;
