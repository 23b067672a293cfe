/** A login for operators, on one page, until the console brings its own. No script in the page: the policy of the API forbids it. */
export const LOGIN_PAGE = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>信印 · 运维登录 Operators</title>
<body>
<h1>运维登录 <small lang="en">Operators</small></h1>
<p>登录后，Temporal 界面即可显示明文（在其 Codec Server 设置中勾选 <span lang="en">“Include cross-origin credentials”</span>）。</p>
<form id="login">
<p><label>账号 <small lang="en">account</small> <input name="username" autocomplete="username" required></label></p>
<p><label>密码 <small lang="en">password</small> <input name="password" type="password" autocomplete="current-password" required></label></p>
<button>登录 <small lang="en">log in</small></button>
</form>
<p id="told" role="status"></p>
<script src="login.js"></script>
</body>
</html>
`;

export const LOGIN_SCRIPT = `document.getElementById('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(event.target));
  const answer = await fetch('../login/staff', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const told = await answer.json();
  document.getElementById('told').textContent = answer.ok
    ? '已登录，员工编号 Logged in, staff id: ' + told.staffId
    : told.title + ' ' + (told.titleEn ?? '');
});
`;
