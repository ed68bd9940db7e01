using System.Security.Cryptography;
using CampaignManager.Application.Data;

namespace CampaignManager.Application.Tests.Data;

public sealed class MasterKeyTests : IAsyncLifetime
{
    private ADatabase database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await ADatabase.EmptyAsync();

    public ValueTask DisposeAsync()
    {
        database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Prepare_FirstStart_MakesAFileOfTheOwnerAndKnowsItAgain()
    {
        var key = database.Key();
        await key.PrepareAsync(Cancel);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key.File));
        var kept = key.Protect("secret", "test");
        var again = database.Key();
        await again.PrepareAsync(Cancel);
        Assert.Equal("secret", again.Unprotect(kept, "test"));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(key.File)!, "master.key*"));
    }

    [Fact]
    public async Task Prepare_AnotherKey_RefusesToStart()
    {
        await database.Key().PrepareAsync(Cancel);
        var other = database.Key(Path.Combine(Path.GetDirectoryName(database.Key().File)!, "other", "master.key"));
        other.Protect("makes it", "test");
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => other.PrepareAsync(Cancel));
        Assert.Contains("is not the one this database was started with", refused.Message);
    }

    [Fact]
    public async Task Prepare_KeyIsGone_RefusesAndMakesNoOther()
    {
        var key = database.Key();
        await key.PrepareAsync(Cancel);
        File.Delete(key.File);
        Assert.Contains("is missing", (await Assert.ThrowsAsync<StartRefusedException>(() => database.Key().PrepareAsync(Cancel))).Message);
        Assert.False(File.Exists(key.File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("campaign-manager-key-1:AAAA")]
    public async Task Prepare_NotAKey_RefusesAndLeavesTheFile(string content)
    {
        await File.WriteAllTextAsync(database.Key().File, content, Cancel);
        Assert.Contains("is not a master key", (await Assert.ThrowsAsync<StartRefusedException>(() => database.Key().PrepareAsync(Cancel)))
            .Message);
        Assert.Equal(content, await File.ReadAllTextAsync(database.Key().File, Cancel));
    }

    [Fact]
    public async Task Key_ManyNodesAtTheFirstStart_AgreeOnOne()
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => database.Key().Protect($"{i}", "test"), Cancel)));
        var key = database.Key();
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"{i}"), kept.Select(text => key.Unprotect(text, "test")));
    }

    [Fact]
    public void Unprotect_OtherPurposeOrChanged_Throws()
    {
        var key = database.Key();
        var kept = key.Protect("secret", "one");
        Assert.ThrowsAny<CryptographicException>(() => key.Unprotect(kept, "two"));
        Assert.ThrowsAny<CryptographicException>(() => key.Unprotect(kept[..^6] + "AAAAAA", "one"));
        Assert.ThrowsAny<CryptographicException>(() => key.Unprotect("whsec_clear", "one"));
        Assert.NotEqual(kept, key.Protect("secret", "one"));
    }
}
