using CampaignManager.Application.Accounts;
using CampaignManager.Web.Access;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class CreateApiKeyCommandTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--name", "ci", "--scopes", "all")]
    [InlineData("--name=ci", "--scopes=data,models", "--sandbox")]
    [InlineData("--scopes", "offers offers:explain", "--name", "ci", "--Lake:Path=/somewhere")]
    public async Task Run_Right_PrintsTheKeyAloneAndItWorks(params string[] options)
    {
        var (code, output, error) = await RunAsync(options);
        Assert.Equal(0, code);
        var key = await app.Services.GetRequiredService<ApiKeyService>().RecogniseAsync(output.TrimEnd('\n', '\r'), Cancel);
        Assert.Equal(("ci", options.Contains("--sandbox")), (key!.Name, key.Sandbox));
        Assert.DoesNotContain(output.Trim(), error);
    }

    [Theory]
    [InlineData("no scope 'everything'", "--name", "ci", "--scopes", "everything")]
    [InlineData("needs a name", "--name", " ", "--scopes", "all")]
    [InlineData("at least one scope", "--name", "ci", "--scopes", ",")]
    [InlineData("Usage:", "--name", "ci")]
    [InlineData("Usage:", "--nam", "ci", "--scopes", "all")]
    [InlineData("Usage:", "--name")]
    public async Task Run_NotRight_SaysWhyAndExitsWith2(string expected, params string[] options)
    {
        var (code, output, error) = await RunAsync(options);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] options)
    {
        using StringWriter output = new(), error = new();
        var code = await CreateApiKeyCommand.RunAsync(app.Services, [CreateApiKeyCommand.Name, .. options], output, error, Cancel);
        return (code, output.ToString(), error.ToString());
    }
}
