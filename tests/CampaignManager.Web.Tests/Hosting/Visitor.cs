using System.Net;
using System.Text.RegularExpressions;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>A browser without scripts: keeps cookies, reads forms with their antiforgery tokens, follows no redirect by itself.</summary>
public sealed partial class Visitor(WebApplicationFactory<Program> app)
{
    public HttpClient Client { get; } = app.CreateClient(new WebApplicationFactoryClientOptions
    {
        AllowAutoRedirect = false,
        // In Production cookies go over HTTPS only.
        BaseAddress = new Uri("https://localhost"),
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Visitor> SignedInAsync(WebApplicationFactory<Program> app, string email, string password = AccountPreparation.DemoPassword)
    {
        var visitor = new Visitor(app);
        var response = await visitor.SignInAsync(email, password);
        Assert.True(response.StatusCode == HttpStatusCode.Redirect, $"{email} could not sign in: {response.StatusCode}");
        return visitor;
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password) =>
        PostFormAsync("/account/sign-in", new() { ["_handler"] = "sign-in", ["Input.Email"] = email, ["Input.Password"] = password });

    /// <summary>Opens the page, takes its token, and posts the fields back to it, or where one of its forms leads.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string path, Dictionary<string, string> fields, string? to = null)
    {
        var page = await Client.GetStringAsync(path, Cancel);
        return await PostAsync(to ?? path, new(fields) { ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value });
    }

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields) => Client.PostAsync(path, new FormUrlEncodedContent(fields), Cancel);

    public async Task<(HttpStatusCode Status, string? Location)> GetAsync(string path)
    {
        var response = await Client.GetAsync(path, Cancel);
        var to = response.Headers.Location;
        return (response.StatusCode, to is null ? null : to.IsAbsoluteUri ? to.PathAndQuery : to.OriginalString);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
