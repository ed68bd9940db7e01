namespace CampaignManager.Web.Tests.Hosting;

/// <summary>A test's own folder goes when it ends.</summary>
internal static class TestFolder
{
    /// <summary>A page that was at work when its circuit ended may write once more while the folder is being emptied: then it is emptied again.</summary>
    public static async Task DeleteAsync(string folder)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 200; Directory.Exists(folder); tries--)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (tries > 0)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
