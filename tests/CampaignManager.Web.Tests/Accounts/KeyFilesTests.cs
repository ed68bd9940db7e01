using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Tests.Accounts;

public sealed class KeyFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cm-keys-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Encrypt_KeysInTheClear_AreEncryptedAndStillRead()
    {
        var old = Services(encrypted: false);
        var cookie = old.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie").Protect("ada");
        Assert.Contains("<value>", Files());

        var now = Services(encrypted: true);
        var files = new KeyFiles(now.GetRequiredService<IOptions<KeyManagementOptions>>(), now.GetRequiredService<MasterKey>());
        Assert.Equal(1, files.Encrypt());
        Assert.DoesNotContain("<value>", Files());
        Assert.Equal("ada", now.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie").Unprotect(cookie));
        Assert.Equal(0, files.Encrypt());
    }

    [Fact]
    public void NewKeys_AreNeverInTheClear()
    {
        Services(encrypted: true).GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie").Protect("ada");
        Assert.DoesNotContain("<value>", Files());
        Assert.Contains("encryptedSecret", Files());
    }

    private string Files() => string.Concat(folder.EnumerateFiles("key-*.xml").Select(f => File.ReadAllText(f.FullName)));

    private ServiceProvider Services(bool encrypted)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDataProtection().SetApplicationName("test").PersistKeysToFileSystem(folder);
        var database = Options.Create(new DatabaseOptions { Path = Path.Combine(folder.FullName, "app.db") });
        services.AddSingleton(new MasterKey(database, Options.Create(new SecurityOptions()), null!, TimeProvider.System));
        if (encrypted)
            services.AddOptions<KeyManagementOptions>()
                .Configure<MasterKey>((options, key) => options.XmlEncryptor = new MasterKeyEncryptor(key));
        return services.BuildServiceProvider();
    }
}
