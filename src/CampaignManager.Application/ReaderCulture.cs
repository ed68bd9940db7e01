using System.Globalization;

namespace CampaignManager.Application;

/// <summary>Who subscribes in a language is told in it: a page that follows a job is drawn again by the job's thread, whose language is nobody's.</summary>
internal static class ReaderCulture
{
    /// <summary>The same action, run in the culture of now.</summary>
    public static Action<T> Keep<T>(Action<T> action)
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        return value =>
        {
            var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
            try
            {
                (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
                action(value);
            }
            finally
            {
                (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
            }
        };
    }
}
