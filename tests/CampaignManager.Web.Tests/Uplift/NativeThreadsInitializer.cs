using System.Runtime.CompilerServices;
using CampaignManager.Application.Uplift;

namespace CampaignManager.Web.Tests.Uplift;

internal static class NativeThreadsInitializer
{
    [ModuleInitializer]
    internal static void WaitQuietly() => NativeThreads.WaitQuietly();
}
