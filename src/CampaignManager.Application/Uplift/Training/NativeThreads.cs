using System.Runtime.InteropServices;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// OpenMP's workers spin while they wait; on a busy machine with few cores that makes training twenty times slower. The policy is read
/// from the native environment when libgomp loads, and .NET's own environment does not reach it: so libc is called, before anything else.
/// </summary>
public static partial class NativeThreads
{
    /// <summary>First line of every Main and module initializer of a process that trains. A value the operator set stays.</summary>
    public static void WaitQuietly()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
