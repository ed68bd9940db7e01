using System.Net.Http.Headers;
using CampaignManager.Application.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Fixtures;

/// <summary>The present code on the data of the release, at the moment they were packed.</summary>
public sealed class ReleaseApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    public ReleaseFixture Release { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Release = await ReleaseFixture.UnpackAsync();

    public HttpClient Caller(string name)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Release.Key(name));
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        foreach (var (key, value) in Release.Settings)
            builder.UseSetting(key, value);
        builder.UseSetting("Webhooks:AllowPrivateAddresses", "true");
        builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(Release.At)));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Release.Dispose();
        GC.SuppressFinalize(this);
    }
}
